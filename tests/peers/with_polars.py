"""What Polars makes of a log in order of player and time, by its streaming engine.

The order spares it all sorting and every window: what begins a player, a day or a session differs from the row before, and
what is left are sums over groups. Bots are looked up in a set, which takes a third of the time of a join; plans are run one
by one, which takes half the time of `collect_all`.
"""

import polars as pl

VERSION = pl.__version__
GAP_MINUTES, LONGEST_MINUTES, AVERAGE_MINUTES, CHURN_DAYS = 30, 720, 360, 30
# Pauses longer than any gap of which the page tells the number of sessions are all alike.
LONGEST_PAUSE_MINUTES = 181

player, minute, day, zone = pl.col("player_id"), pl.col("minute"), pl.col("day"), pl.col("where")
count = pl.col("count")


def rows_of(files, *others):
    """The rows with their minute, and with what begins at each."""
    minutes = pl.col("datetime").dt.epoch("us") // 60_000_000
    rows = pl.scan_parquet(files).select("player_id", *others, minute=minutes)
    return rows.with_columns(is_first=(player != player.shift(1)).fill_null(True), pause=minute - minute.shift(1))


def sessions_of(files):
    starts = pl.col("is_first") | (pl.col("pause") > GAP_MINUTES)
    grouped = rows_of(files).with_columns(session=starts.cum_sum()).group_by("session")
    sessions = grouped.agg(player.first(), first=minute.min(), last=minute.max(), events=pl.len().cast(pl.Int64))
    return sessions.select("player_id", "events", minutes=pl.col("last") - pl.col("first"))


def flagged(players):
    by_average = pl.col("minutes") > AVERAGE_MINUTES * pl.col("sessions")
    return players.with_columns(is_bot=(pl.col("minutes_max") > LONGEST_MINUTES) | by_average)


def sessions(files):
    """Sessions by gap, and whom the rules flag: nothing else."""
    players = sessions_of(files).group_by("player_id").agg(
        pl.col("events", "minutes").sum(), minutes_max=pl.col("minutes").max(), sessions=pl.len().cast(pl.Int64)
    )
    return flagged(players).collect(engine="streaming")


def statistics(sessions):
    """Model 2."""
    minutes, events = pl.col("minutes"), pl.col("events")
    return flagged(
        sessions.group_by("player_id").agg(
            sessions=pl.len().cast(pl.Int64),
            events=events.sum(),
            minutes=minutes.sum(),
            minutes_median=minutes.median(),
            minutes_max=minutes.max(),
            minutes_min=minutes.min(),
            events_max=events.max(),
        )
    )


def aggregates(files):
    """All that the page shows: the columns of both models of players, and all counts by group."""
    sessions = sessions_of(files).collect(engine="streaming")
    players = statistics(sessions)
    bots = players.filter("is_bot")["player_id"].implode()
    rows = rows_of(files, "guild", "level", "race", "class", "where", "datetime").with_columns(day=minute // 1_440)
    rows = rows.with_columns(
        is_bot=player.is_in(bots),
        is_new_day=pl.col("is_first") | (day != day.shift(1)),
        hour=(minute // 60 + 72) % 168,
        pause=pl.when("is_first").then(0).otherwise(pl.col("pause").clip(upper_bound=LONGEST_PAUSE_MINUTES)),
    )

    def by(key, count=pl.len()):
        return rows.group_by("is_bot", key).agg(count=count).collect(engine="streaming")

    facts = rows.group_by("player_id").agg(
        level_min=pl.col("level").min(),
        level_max=pl.col("level").max(),
        level_avg=pl.col("level").mean(),
        days_active=pl.col("is_new_day").sum(),
        first=pl.col("datetime").min(),
        last=pl.col("datetime").max(),
    )
    latest = rows.filter((player != player.shift(-1)).fill_null(True)).select("player_id", "class", "race", "guild")
    zones = rows.filter(zone.is_not_null()).group_by("player_id", "where").len()
    zones = zones.group_by("player_id").agg(zones=pl.len())
    for more in (facts, latest, zones):
        players = players.join(more.collect(engine="streaming"), on="player_id", how="left")
    of_bots = sessions.with_columns(is_bot=player.is_in(bots))
    counts = {
        "day": by("day", pl.col("is_new_day").sum()),
        "hour": by("hour"),
        "zone": by("where"),
        "pause": by("pause"),
        "minutes": of_bots.group_by("is_bot", "minutes").len("count"),
        "events": of_bots.group_by("is_bot", "events").len("count"),
    }
    return players, counts


def lines_of_sessions(players):
    """The answer as the engine tells it."""
    sums = players.group_by("is_bot").agg(pl.col("sessions", "events").sum(), players=pl.len())
    return [
        f"sum {key} {int(row['is_bot'])} {row[key]}"
        for row in sums.iter_rows(named=True)
        for key in ("players", "sessions", "events")
    ]


def lines_of_aggregates(answer):
    """The answer as the engine tells it."""
    players, counts = answer
    last_day = pl.col("last").dt.date()
    churned = (last_day.max() - last_day).dt.total_days() > CHURN_DAYS
    players = players.with_columns(
        churned=churned,
        minutes_median_twice=(2 * pl.col("minutes_median")).cast(pl.Int64),
        guild=pl.col("guild").clip(0),
    )
    pauses = counts.pop("pause")
    for kind in ("class", "race"):
        counts[kind] = players.group_by("is_bot", kind).len("count")
    lines = [
        f"{what} {key} {int(is_bot)} {number}"
        for what, counted in counts.items()
        for is_bot, key, number in counted.iter_rows()
        if key is not None and number
    ]
    sums = players.with_columns(players=1).group_by("is_bot").agg(pl.col(SUMMED).sum())
    for row in sums.iter_rows(named=True):
        is_bot = row["is_bot"]
        lines += [f"sum {key} {int(is_bot)} {row[key]}" for key in SUMMED if row[key]]
        for gap in range(5, 181):
            longer = pauses.filter((pl.col("is_bot") == is_bot) & (pl.col("pause") > gap))["count"].sum()
            lines.append(f"gap {gap} {int(is_bot)} {row['players'] + longer}")
    return lines


SUMMED = (
    "players churned sessions events minutes minutes_median_twice minutes_max minutes_min events_max days_active zones "
    "level_min level_max guild"
).split()
