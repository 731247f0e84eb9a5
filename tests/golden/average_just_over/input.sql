-- 251 sessions that last 90,361 minutes together: 360.00398…, which is shown as 360.0 and is over the limit.
-- Player 2 has one minute less: exactly 360. Player 3 has one minute less still: 359.996, shown as 360.0.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select
    player_id, null, 80, 'Tauren', 'Druid', 'Mulgore',
    timestamp '2007-01-01 00:00:00' + to_days(cast(session as integer)) + to_minutes(minute)
from
    (values (1), (2), (3)) as players (player_id),
    range(0, 251) as sessions (session),
    lateral (select unnest([0, 360 + case when session = 0 then 2 - player_id else 0 end]) as minute) as ends;
