-- No row of the source is lost: each is an event of the first model or is rejected.
select *
from (
    select
        (select count(*) from {{ source('main', 'wowlogs') }}) as source_rows,
        (select count(*) from {{ ref('stg_wowlogs_with_sessions') }}) as event_rows,
        (
            select count(*)
            from {{ source('main', 'wowlogs') }}
            where player_id is null or datetime is null
        ) as rejected_rows
)
where source_rows <> event_rows + rejected_rows
