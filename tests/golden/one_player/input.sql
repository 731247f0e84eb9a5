-- One player, whose class, race and guild change, and who travels.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs values
    (7, 1, 54, 'Undead', 'Warlock', 'Undercity', '2008-11-17 20:00:11'),
    (7, 1, 54, 'Undead', 'Warlock', 'Tirisfal Glades', '2008-11-17 20:10:12'),
    (7, 2, 55, 'Blood Elf', 'Death Knight', 'Plaguelands: The Scarlet Enclave', '2008-11-18 20:00:13'),
    (7, 2, 56, 'Blood Elf', 'Death Knight', 'Plaguelands: The Scarlet Enclave', '2008-11-18 20:10:14'),
    (7, 3, 56, 'Blood Elf', 'Death Knight', 'Undercity', '2008-11-18 20:20:15');
