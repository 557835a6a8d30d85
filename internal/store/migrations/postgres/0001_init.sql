-- The change log and what its changes brought. Rows are added, never altered.
--
-- What a plan holds (tasks, indicators, targets and their changes, parts,
-- checklists, bands, visibility, reporting calendars) lives in the plan's
-- document, plan_version.document, as canonical JSON. The event tables carry
-- only keys into it: series and part, or plan, indicator and entry. So many
-- plans share one schema, and a new kind of target needs no migration.
--
-- Times are microseconds since 1970 in UTC. period_end is a month as yyyymm,
-- span the name of the stretch that ends with it. A text that may be absent is
-- ''. Facts of a change (actor, recorded_at) are not repeated in its items.
-- Texts sort by their bytes (COLLATE "C"), as they do in SQLite.
-- The large table has no foreign keys: the hash chain watches over its rows,
-- and a lookup for each of ten thousand figures would buy nothing more.

-- +goose Up
CREATE TABLE change (
    seq         BIGINT NOT NULL PRIMARY KEY, -- from 1, without gaps
    recorded_at BIGINT NOT NULL,             -- never falling
    kind        TEXT NOT NULL,
    actor       TEXT NOT NULL,
    detail      TEXT NOT NULL,               -- JSON object or ''
    items       INTEGER NOT NULL,            -- rows that the change has in the tables below
    hash        BYTEA NOT NULL               -- figure.Change.Seal over this change and the hash before it
);

CREATE TABLE series (
    id   INTEGER NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL UNIQUE -- area/id
);

CREATE TABLE figure_revision (
    change_seq   BIGINT NOT NULL,
    item         INTEGER NOT NULL,          -- place in the change, from 0
    series_id    INTEGER NOT NULL,          -- of series
    part         TEXT COLLATE "C" NOT NULL,
    period_end   INTEGER NOT NULL,
    span         TEXT COLLATE "C" NOT NULL,
    value        NUMERIC,                   -- exact decimal, its scale as typed; NULL takes the figure back
    status       TEXT NOT NULL,
    known_at     BIGINT NOT NULL,
    note         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    origin_file  TEXT NOT NULL,
    origin_hash  TEXT NOT NULL,
    origin_sheet TEXT NOT NULL,
    origin_cell  TEXT NOT NULL,
    PRIMARY KEY (change_seq, item)
);
CREATE INDEX figure_revision_place ON figure_revision (series_id, part, period_end, span, change_seq);

CREATE TABLE entry_event (
    change_seq BIGINT NOT NULL REFERENCES change (seq),
    item       INTEGER NOT NULL,
    plan       TEXT NOT NULL,
    indicator  TEXT NOT NULL,
    entry      TEXT NOT NULL,
    done       TEXT NOT NULL,                           -- 2026-05-31, or '' where the entry is open again
    evidence   TEXT NOT NULL,
    note       TEXT NOT NULL,
    known_at   BIGINT NOT NULL,
    PRIMARY KEY (change_seq, item)
);

CREATE TABLE account (
    change_seq BIGINT NOT NULL REFERENCES change (seq),
    item       INTEGER NOT NULL,
    plan       TEXT NOT NULL,
    indicator  TEXT NOT NULL,
    period_end INTEGER NOT NULL,
    span       TEXT NOT NULL,
    body       TEXT NOT NULL,
    light      TEXT NOT NULL,
    known_at   BIGINT NOT NULL,
    PRIMARY KEY (change_seq, item)
);

CREATE TABLE plan_version (
    change_seq BIGINT NOT NULL PRIMARY KEY REFERENCES change (seq),
    plan       TEXT COLLATE "C" NOT NULL,
    known_at   BIGINT NOT NULL,
    document   TEXT NOT NULL                                        -- canonical JSON, byte for byte as it was sealed
);
CREATE INDEX plan_version_plan ON plan_version (plan, change_seq);

-- A step taken on the way from pending to published. Not written yet.
CREATE TABLE approval_event (
    change_seq    BIGINT NOT NULL REFERENCES change (seq),
    item          INTEGER NOT NULL,
    series_id     INTEGER NOT NULL,
    part          TEXT COLLATE "C" NOT NULL,
    period_end    INTEGER NOT NULL,
    span          TEXT COLLATE "C" NOT NULL,
    revision_seq  BIGINT NOT NULL,                         -- change_seq and item of the revision it stands on
    revision_item INTEGER NOT NULL,
    step          TEXT NOT NULL,
    decision      TEXT NOT NULL,
    note          TEXT NOT NULL,
    PRIMARY KEY (change_seq, item)
);
CREATE INDEX approval_event_place ON approval_event (series_id, part, period_end, span, change_seq);

-- Answers kept for idempotency keys. Outside the chain, so that old ones may go.
CREATE TABLE receipt (
    actor        TEXT COLLATE "C" NOT NULL,
    key          TEXT COLLATE "C" NOT NULL,
    request_hash BYTEA NOT NULL,
    answer       BYTEA NOT NULL,
    change_seq   BIGINT NOT NULL REFERENCES change (seq),
    created_at   BIGINT NOT NULL,
    PRIMARY KEY (actor, key)
);
