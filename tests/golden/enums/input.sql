-- ENUM columns whose values are declared in another order than that of their letters, the narrow integer types.
create type race_name as enum ('Undead', 'Orc', 'Blood Elf', 'Troll', 'Tauren');
create type class_name as enum ('Warrior', 'Druid', 'Mage', 'Priest', 'Death Knight');
create type zone_name as enum ('Tirisfal Glades', 'Dalaran競技場', 'Blade''s Edge Mountains');
create table wowlogs (
    player_id integer, guild smallint, level tinyint, race race_name, class class_name, "where" zone_name,
    datetime timestamp
);
insert into wowlogs values
    (1, 1, 10, 'Undead', 'Warrior', 'Tirisfal Glades', '2008-01-01 00:00:00'),
    (1, 2, 11, 'Blood Elf', 'Mage', 'Dalaran競技場', '2008-01-01 00:10:00'),
    (1, 3, 12, 'Tauren', 'Death Knight', 'Blade''s Edge Mountains', '2008-01-01 00:10:00'),
    (1, 3, 12, 'Undead', 'Druid', 'Blade''s Edge Mountains', '2008-01-01 00:10:00'),
    (2, null, null, null, null, null, '2008-01-01 00:00:00'),
    (2, null, null, 'Orc', null, null, '2008-01-01 00:00:00'),
    (-3, -1, 80, 'Troll', 'Priest', null, '2008-01-01 00:00:00');
