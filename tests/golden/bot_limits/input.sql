-- Both bot rules at their limits: 720 and 360 are not over the limit, the rules are strict.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
-- sightings(player, first minute, last minute): one every 30 minutes, and one at the last minute.
create macro sightings(player, first_minute, last_minute) as table
    select
        player, 1, 70, 'Troll', 'Hunter', 'Tanaris',
        timestamp '2008-02-01 12:00:00' + to_minutes(least(first_minute + 30 * step, last_minute))
    from range(0, 1 + cast(ceil((last_minute - first_minute) / 30.0) as bigint)) as steps (step);

-- A session of exactly 720 minutes; a short one keeps the average at exactly 360.
insert into wowlogs from sightings(1, 0, 720);
insert into wowlogs from sightings(1, 2000, 2000);
-- A session of 721 minutes with an average below 360.
insert into wowlogs from sightings(2, 0, 721);
insert into wowlogs from sightings(2, 2000, 2000);
insert into wowlogs from sightings(2, 3000, 3000);
-- An average of exactly 360, from one session and from three.
insert into wowlogs from sightings(3, 0, 360);
insert into wowlogs from sightings(4, 0, 350);
insert into wowlogs from sightings(4, 1000, 1360);
insert into wowlogs from sightings(4, 2000, 2370);
-- An average of 361.
insert into wowlogs from sightings(5, 0, 361);
-- Both rules.
insert into wowlogs from sightings(6, 0, 900);
-- 720 minutes alone: the average is over, the length is not.
insert into wowlogs from sightings(7, 0, 720);
-- A bot and a human that share times; the sum of two lengths is over 720, neither is.
insert into wowlogs from sightings(8, 0, 400);
insert into wowlogs from sightings(8, 1000, 1400);
insert into wowlogs from sightings(8, 2000, 2010);
insert into wowlogs from sightings(8, 3000, 3010);
