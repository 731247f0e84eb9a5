-- Churn counted to a day before the newest event: some were last seen after it.
create table wowlogs (
    player_id bigint, guild bigint, level bigint, race varchar, class varchar, "where" varchar, datetime timestamp
);
insert into wowlogs
select player_id, 1, 10, 'Orc', 'Rogue', 'Durotar', cast(datetime as timestamp)
from (values
    (1, '2008-01-31 00:00:00'), (2, '2008-01-30 23:59:59.999999'), (3, '2008-03-01 00:00:00'), (4, '2008-03-02 12:00:00'),
    (5, '1969-12-31 23:59:59')
) as events (player_id, datetime);
