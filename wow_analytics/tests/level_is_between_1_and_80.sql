{{ config(severity='warn') }}

-- 80 is the highest level of the period the log covers.
select *
from {{ ref('stg_wowlogs_with_sessions') }}
where level < 1 or level > 80
