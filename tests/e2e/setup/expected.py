"""Writes, as JSON, what the reference SQL says about databases: `expected.py OUT NAME=DATABASE ...`.

dbt builds the models in a copy of each database; all figures are then queries over those models. For the first
two databases the same is done with some filters, under the name `NAME:FILTER`: the copy keeps the matching rows. Where
players are judged by the whole log, dbt builds the models of that first, and the verdicts are those.
"""

import json
import multiprocessing
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dbt"))
import run_dbt  # noqa: E402

DATABASE = "copy.duckdb"
SEEDS = Path(__file__).resolve().parents[3] / "wow_analytics/seeds"
# A day as tables name it, with the expansion that was released on it.
DAY_TEXT = f"""
create or replace temp macro day_text(a_day) as strftime(a_day, '%-d %b %Y')
    || coalesce((select ' · ' || name from read_csv('{SEEDS / "expansions.csv"}') where release_date = a_day), '')
"""

# Limits on the longest and on the average session, minutes. The first are the defaults.
LIMITS = [(720, 360), (600, 360), (600, 240), (0, 360), (2880, 360), (101, 47), (0, 0), (525600, 525600)]
# Limits whose activity and table of flagged players are compared.
LIMITS_IN_FULL = [(720, 360), (101, 47)]

# Filters as the page's address has them, and as SQL's WHERE. Verdicts are those of the whole log but for JUDGED_ALONE.
FILTERS = {
    "days": (
        "from=2007-03-01&to=2007-05-31",
        "datetime >= timestamp '2007-03-01' and datetime < timestamp '2007-06-01'",
    ),
    "all": (
        "from=2006-06-01&to=2008-08-31&class=Hunter&class=Mage&class=Warlock&race=Orc&race=Troll&race=Undead",
        "datetime >= timestamp '2006-06-01' and datetime < timestamp '2008-09-01' "
        "and class in ('Hunter', 'Mage', 'Warlock') and race in ('Orc', 'Troll', 'Undead')",
    ),
    "places": (
        "in_guild=101&in_guild=none&zone=Blade%27s+Edge+Mountains&zone=Orgrimmar",
        "coalesce(guild, -1) in (101, -1) and \"where\" in ('Blade''s Edge Mountains', 'Orgrimmar')",
    ),
}
FILTERS["alone"] = (FILTERS["days"][0] + "&judge=filtered", FILTERS["days"][1])
JUDGED_ALONE = {"alone"}
# Session gaps, minutes, for which the sessions are compared one by one. The first is the default.
GAPS = [30, 60]
# Bands of the tables behind the charts of sessions: label, and what they are above and up to.
DURATION_BANDS = [
    ("0 min, or a single event", -1, 0), ("over 0 min to 10 min", 0, 10), ("over 10 min to 30 min", 10, 30),
    ("over 30 min to 1 h", 30, 60), ("over 1 h to 2 h", 60, 120), ("over 2 h to 3 h", 120, 180),
    ("over 3 h to 6 h", 180, 360), ("over 6 h to 12 h", 360, 720), ("over 12 h to 24 h", 720, 1440),
    ("over 24 h to 48 h", 1440, 2880), ("over 48 h", 2880, 10**9),
]
EVENT_BANDS = [
    ("1", 0, 1), ("2", 1, 2), ("3 – 5", 2, 5), ("6 – 10", 5, 10), ("11 – 20", 10, 20), ("21 – 50", 20, 50),
    ("51 – 100", 50, 100), ("101 – 200", 100, 200), ("201 – 500", 200, 500), ("501 – 1,000", 500, 1000),
    ("1,001 and more", 1000, 10**9),
]

# Bands of the durations that two exports are compared by: label, first minute, and the first one behind.
COMPARED_BANDS = [
    ("0 min to 10 min", 0, 10), ("10 min to 1 h", 10, 60), ("1 h to 3 h", 60, 180), ("3 h to 6 h", 180, 360),
    ("6 h to 12 h", 360, 720), ("12 h to 24 h", 720, 1440), ("24 h to 48 h", 1440, 2880),
    ("48 h and more", 2880, 10**9),
]

PREPARE = """
create table sessions as
select
    player_id, session_number, min(datetime) as first_us, max(datetime) as last_us, count(*) as events,
    datediff('minute', min(datetime), max(datetime)) as minutes
from stg_wowlogs_with_sessions
group by player_id, session_number;

-- What players are judged by.
create table judged_sessions as
select
    player_id, min(datetime) as first_us, max(datetime) as last_us, count(*) as events,
    datediff('minute', min(datetime), max(datetime)) as minutes
from judged_events
group by player_id, session_number;

create table durations as
select
    player_id, max(minutes) as longest, sum(minutes)::double / count(*) as average,
    (select sum(events)::bigint from sessions where sessions.player_id = judged_sessions.player_id) as events
from judged_sessions
where player_id in (select player_id from sessions)
group by player_id;

create table players as
select
    stats.player_id::varchar as player_id, class, race, guild, min_level, max_level, avg_level,
    stats.total_events, stats.total_sessions, avg_session_duration_minutes, median_session_duration_minutes,
    max_session_duration_minutes, min_session_duration_minutes, avg_events_per_session, max_events_per_session,
    days_active, num_locations_visited,
    strftime(first_activity_date, '%Y-%m-%d %H:%M:%S') as first_activity_date,
    strftime(last_activity_date, '%Y-%m-%d %H:%M:%S') as last_activity_date,
    days_since_last_activity, churned, likely_bot_long_session, likely_bot_avg_session, is_likely_bot
from player_session_stats as stats
join everyone using (player_id)
order by stats.player_id;
"""

# The verdicts of the whole log in the models of the rows that match.
JUDGE = """
update player_session_stats as stats
set likely_bot_long_session = judged.likely_bot_long_session,
    likely_bot_avg_session = judged.likely_bot_avg_session,
    is_likely_bot = judged.is_likely_bot
from judged_stats as judged where judged.player_id = stats.player_id;

create or replace table stg_wowlogs_no_bots as
select events.* from stg_wowlogs_with_sessions as events
where player_id in (select player_id from player_session_stats where is_likely_bot = 0);
"""

# What the log does not cover, whatever the filter.
COVERAGE = """
select
    datediff('day', min(datetime), max(datetime)) + 1 - count(distinct datetime::date) as missing_days,
    datediff('hour', min(datetime), max(datetime)) + 1 - count(distinct date_trunc('hour', datetime)) as missing_hours
from judged_events
"""

FIGURES = """
select
    (select count(*) from wowlogs) as rows,
    (select count(*) from wowlogs where player_id is null) as null_player_id,
    (select count(*) from wowlogs where player_id is not null and datetime is null) as null_datetime,
    (select count(*) from stg_wowlogs_with_sessions) as events,
    (select count(*) from player_session_stats) as players,
    (select coalesce(sum(total_sessions), 0)::bigint from player_session_stats) as sessions,
    (select count(*) from player_session_stats where is_likely_bot = 1) as bots,
    (select coalesce(sum(total_events), 0)::bigint from player_session_stats where is_likely_bot = 1) as bot_events,
    (select count(*) from stg_wowlogs_no_bots) as kept_events,
    (select count(*) from stg_players) as kept_players,
    (select count(*) from stg_players where churned = 1) as churned,
    (select coalesce(sum(total_sessions), 0)::bigint from player_session_stats where is_likely_bot = 1) as bot_sessions,
    (select count(*) from players where is_likely_bot = 1 and churned = 1) as churned_bots
"""

# Who left in the last month and in the one before: away for longer than 30 days since then.
LEAVING = """
select
    (select count(*) from stg_players where days_since_last_activity between 31 and 60) as now,
    (select count(*) from stg_players where days_since_last_activity between 61 and 90) as before,
    (select count(distinct datetime::date) from stg_wowlogs_with_sessions) as covered_days,
    (select datediff('day', min(datetime), max(datetime)) + 1 from stg_wowlogs_with_sessions) as days
"""

ZONES = """
select
    coalesce("where", 'no zone') as label,
    count(*) filter (where is_likely_bot = 0) as humans,
    count(*) filter (where is_likely_bot = 1) as bots,
    count(*) as every
from stg_wowlogs_with_sessions join player_session_stats using (player_id)
group by all order by every desc, label
"""

# Zones put together by a column of the seed; the seed has none of those that come under "other".
ZONE_GROUPS = """
select
    case when "where" is null then 'no zone' else coalesce(seed.{column}, 'other') end as label,
    count(*) filter (where is_likely_bot = 0) as humans,
    count(*) filter (where is_likely_bot = 1) as bots,
    count(*) as every
from stg_wowlogs_with_sessions join player_session_stats using (player_id)
left join read_csv('{seed}') as seed on seed.zone = "where"
group by all order by every desc, label
"""

GROUPS = """
select
    coalesce({column}, 'no {column}') as label,
    count(*) filter (where is_likely_bot = 0) as humans,
    count(*) filter (where is_likely_bot = 1) as bots,
    count(*) as every
from players group by all order by every desc, label
"""

# The axis ends at the lowest of the game's caps that nobody is beyond.
LEVELS = """
with cap as (
    select min(cap) as cap
    from (values (60), (70), (80)) as caps(cap)
    where cap >= (select coalesce(max(max_level), 0) from players where max_level between 1 and 80)
)
select
    level::varchar as level,
    count(player_id) filter (where is_likely_bot = 0) as humans,
    count(player_id) filter (where is_likely_bot = 1) as bots,
    count(player_id) as every
from range(1, 81) as levels(level) left join players on max_level = level
where level <= (select cap from cap)
group by levels.level order by levels.level
"""

# The events of all players, of those without bots, or of flagged ones, by hour of the week.
HOURS = """
select isodow(datetime) - 1 as weekday, hour(datetime) as hour, count(*) as events
from stg_wowlogs_with_sessions join player_session_stats using (player_id)
where {which} group by all order by all
"""

DAILY = """
select day_text(date) as day, humans, bots, every
from (
    select
        datetime::date as date,
        count(distinct player_id) filter (where not is_bot) as humans,
        count(distinct player_id) filter (where is_bot) as bots,
        count(distinct player_id) as every
    from stg_wowlogs_with_sessions
    join (select player_id, longest > {longest} or average > {average} as is_bot from durations) using (player_id)
    group by all
)
order by date
"""

COUNTS = """
select
    {longest} as longest, {average} as average,
    count(*) filter (where longest > {longest} or average > {average}) as flagged,
    count(*) filter (where longest > {longest} and not average > {average}) as longest_only,
    count(*) filter (where average > {average} and not longest > {longest}) as average_only,
    count(*) filter (where longest > {longest} and average > {average}) as both,
    coalesce(sum(events) filter (where not (longest > {longest} or average > {average})), 0)::bigint as kept_events
from durations
"""

FLAGGED = """
with longest_sessions as (
    select player_id, first_us, last_us, events as session_events from judged_sessions
    qualify row_number() over (partition by player_id order by minutes desc, first_us) = 1
)
select
    player_id::varchar as player_id,
    case
        when longest > {longest} and average > {average} then 'longest + average'
        when longest > {longest} then 'longest' else 'average'
    end as rule,
    longest, events, session_events,
    strftime(first_us, '%-d %b %Y %H:%M') || ' → ' || strftime(last_us, '%-d %b %Y %H:%M') as ran
from durations join longest_sessions using (player_id)
where longest > {longest} or average > {average}
order by longest desc, durations.player_id
"""

# The sessions that another gap gives, and who is a bot with it.
SESSIONS_WITH_GAP = """
create or replace temp macro with_gap(of_events) as table
select player_id, count(*) as events, datediff('minute', min(datetime), max(datetime)) as minutes
from (
    select player_id, datetime, count(*) filter (
        where minutes_since_last_event is null or minutes_since_last_event > {gap}
    ) over (partition by player_id order by datetime range between unbounded preceding and current row) as number
    from query_table(of_events)
)
group by player_id, number;

create or replace table sessions_with_gap as
with judged as (
    select player_id, max(minutes) > 720 or sum(minutes) > 360 * count(*) as is_bot
    from with_gap('judged_events') group by player_id
)
from with_gap('stg_wowlogs_with_sessions') join judged using (player_id)
"""

SESSION_FIGURES = """
select
    count(*) as sessions, count(*) filter (where is_bot) as bots,
    median(minutes) as median, median(minutes) filter (where not is_bot) as median_without_bots,
    quantile_disc(minutes, 0.95) as p95, quantile_disc(minutes, 0.95) filter (where not is_bot) as p95_without_bots,
    max(minutes) as longest, arg_max(player_id, (minutes, -player_id))::varchar as longest_player,
    count(*) filter (where events = 1) as lone,
    median(events) as median_events, quantile_disc(events, 0.95) as p95_events
from sessions_with_gap
"""

BANDS = """
select label, count(is_bot) filter (where not is_bot) as humans, count(is_bot) filter (where is_bot) as bots,
    count(is_bot) as every
from (values {bands}) as bands(label, above, up_to)
left join sessions_with_gap on {column} > above and {column} <= up_to
group by label, above order by above
"""

MINUTES = """
select minutes, count(*) filter (where not is_bot) as humans, count(*) filter (where is_bot) as bots,
    count(*) as every
from sessions_with_gap group by minutes order by minutes
"""

COMPARED = """
with bands as (from (values {bands}) as bands(label, first, next))
select
    label,
    (select count(*) from sessions where minutes >= first and minutes < next) as sessions,
    (select count(*) from durations where longest >= first and longest < next) as longest,
    (select count(*) from durations where average >= first and average < next) as average
from bands order by first
"""

# Pauses are counted first: a join of every event with every gap would be large.
SESSIONS_AT_GAPS = """
with pauses as (
    select minutes_since_last_event as minutes, is_likely_bot, count(*) as events
    from stg_wowlogs_with_sessions join player_session_stats using (player_id)
    group by all
)
select
    gap, coalesce(sum(events) filter (where is_likely_bot = 0), 0)::bigint as humans,
    coalesce(sum(events) filter (where is_likely_bot = 1), 0)::bigint as bots,
    coalesce(sum(events), 0)::bigint as every
from range(5, 181) as gaps(gap) left join pauses on minutes is null or minutes > gap
group by gap order by gap
"""

# What the table of players is asked for, and how its rows are then chosen and ordered.
TABLES = {
    "all": ("true", "player_id::bigint"),
    "by_events": ("true", "total_events desc, player_id::bigint"),
    "by_class": ("true", "class nulls last, player_id::bigint"),
    "of_class": ("class = getvariable('class')", "total_events desc, player_id::bigint"),
    "bots": ("is_likely_bot = 1", "max_session_duration_minutes desc, player_id::bigint"),
    "not_churned": ("churned = 0", "player_id::bigint"),
    "churned_of_class": (
        "class = getvariable('class') and churned = 1 and is_likely_bot = 0",
        "avg_session_duration_minutes desc, player_id::bigint",
    ),
    "search": ("starts_with(player_id, getvariable('search'))", "player_id::bigint"),
}

SESSIONS = """
select
    session_number as session, strftime(first_us, '%-d %b %Y %H:%M') as start,
    strftime(last_us, '%-d %b %Y %H:%M') as end, events, minutes
from sessions where player_id = {player} order by session_number
"""

LEVELS_OF_PLAYER = """
select day_text(date) as day, level
from (
    select datetime::date as date, max(level)::varchar as level
    from stg_wowlogs_with_sessions where player_id = {player} and level is not null
    group by all
)
order by date
"""

ZONES_OF_PLAYER = """
select coalesce("where", 'no zone') as label, count(*) as events
from stg_wowlogs_with_sessions where player_id = {player} group by all order by events desc, label
"""


def expected(task):
    database, condition, is_judged_by_all = task
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copy(database, Path(scratch, DATABASE))
        if is_judged_by_all:
            run_dbt.build(copy, {})
            with duckdb.connect(str(copy)) as connection:
                connection.execute("create table judged_events as from stg_wowlogs_with_sessions")
                connection.execute("create table judged_stats as from player_session_stats")
        if condition:
            with duckdb.connect(str(copy)) as connection:
                connection.execute(f"create or replace table wowlogs as from wowlogs where {condition}")
        tests = run_dbt.build(copy, {})
        # Not read-only: dbt keeps its own connection until the process ends, and DuckDB wants the two alike.
        with duckdb.connect(str(copy)) as connection:
            connection.execute(JUDGE if is_judged_by_all else "create view judged_events as from stg_wowlogs_with_sessions")
            prepare(connection)
            return {"tests": tests, **answers(connection)}


def prepare(connection):
    # Model 4 knows no bots, but the page's table does: the same SQL over all events gives their rows too.
    (view,) = connection.execute("select sql from duckdb_views() where view_name = 'stg_players'").fetchone()
    everyone = view.replace("stg_wowlogs_no_bots", "stg_wowlogs_with_sessions")
    everyone = everyone.replace("stg_players", "everyone", 1)
    connection.execute(everyone)
    connection.execute(PREPARE)
    connection.execute(DAY_TEXT)


def answers(connection):
    def rows(query):
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row)) for row in cursor.fetchall()]

    def at(limits):
        return {"longest": limits[0], "average": limits[1]}

    def name(limits):
        return f"{limits[0]}/{limits[1]}"

    # The most frequent class, the most frequent first two digits of an id, and three players worth a look.
    chosen = rows("""
        select
            (select mode(class order by class) from players) as class,
            (select mode(left(player_id, 2) order by player_id) from players) as search,
            (select arg_max(player_id, (max_session_duration_minutes, player_id)) from players) as bot,
            (select arg_max(player_id, (total_sessions, player_id)) from players where is_likely_bot = 0) as human,
            (select min(player_id) from players where total_events = 1) as lone
    """)[0]
    for variable in ("class", "search"):
        connection.execute(f"set variable {variable} = $1", [chosen[variable]])

    def values(bands):
        return ", ".join(f"('{label}', {start}, {end})" for label, start, end in bands)

    def bands(column, bands):
        return rows(BANDS.format(column=column, bands=values(bands)))

    def with_gap(gap):
        connection.execute(SESSIONS_WITH_GAP.format(gap=gap))
        return {
            "figures": rows(SESSION_FIGURES)[0],
            "minutes": rows(MINUTES),
            "durations": bands("minutes", DURATION_BANDS),
            "events": bands("events", EVENT_BANDS),
        }

    def of_chosen(query):
        ids = [chosen[who] for who in ("bot", "human", "lone")]
        return {player: rows(query.format(player=player)) for player in ids if player is not None}

    return {
        "figures": rows(FIGURES)[0],
        "coverage": rows(COVERAGE)[0],
        "leaving": rows(LEAVING)[0],
        "with_gap": {str(gap): with_gap(gap) for gap in GAPS},
        "compared": rows(COMPARED.format(bands=values(COMPARED_BANDS))),
        "at_gaps": rows(SESSIONS_AT_GAPS),
        "zones": rows(ZONES),
        "zone_groups": {
            column: rows(ZONE_GROUPS.format(column=column, seed=SEEDS / "zones.csv")) for column in ("continent", "kind")
        },
        "classes": rows(GROUPS.format(column="class")),
        "races": rows(GROUPS.format(column="race")),
        "levels": rows(LEVELS),
        "hours": {
            "in": rows(HOURS.format(which="true")),
            "out": rows(HOURS.format(which="is_likely_bot = 0")),
            "only": rows(HOURS.format(which="is_likely_bot = 1")),
        },
        "daily": {name(limits): rows(DAILY.format(**at(limits))) for limits in LIMITS_IN_FULL},
        "limits": [rows(COUNTS.format(**at(limits)))[0] for limits in LIMITS],
        "flagged": {name(limits): rows(FLAGGED.format(**at(limits))) for limits in LIMITS_IN_FULL},
        "chosen": chosen,
        "tables": {
            table: rows(f"select * from players where {where} order by {order}")
            for table, (where, order) in TABLES.items()
        },
        "sessions": of_chosen(SESSIONS),
        "player_levels": of_chosen(LEVELS_OF_PLAYER),
        "player_zones": of_chosen(ZONES_OF_PLAYER),
    }


def main():
    out, *databases = sys.argv[1:]
    databases = dict(database.split("=", 1) for database in databases)
    tasks = {name: (database, None, False) for name, database in databases.items()}
    first, second, *_ = databases
    for database, name in [(first, "days"), (first, "all"), (first, "places"), (first, "alone"), (second, "days")]:
        tasks[f"{database}:{name}"] = (databases[database], FILTERS[name][1], name not in JUDGED_ALONE)
    run_dbt.parse(DATABASE)
    # dbt holds on to a database until its process ends, so each has a process, which inherits what was parsed.
    with multiprocessing.get_context("fork").Pool(2, maxtasksperchild=1) as pool:
        found = dict(zip(tasks, pool.map(expected, tasks.values(), chunksize=1)))
    for name, answer in found.items():
        if ":" in name:
            answer["query"] = FILTERS[name.split(":")[1]][0]
    Path(out).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
