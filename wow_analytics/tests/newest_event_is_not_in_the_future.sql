{{ config(severity='warn') }}

-- The times have no zone and the clock is read as UTC: a day's slack covers every zone.
select *
from {{ ref('stg_wowlogs_with_sessions') }}
where datetime > {{ utc_now() }} + interval 1 day
