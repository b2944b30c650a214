import Storage

/// The tables of `state.db`. A released migration is never changed, only followed by another.
enum Schema {
    static let migrations = [
        Migration("first tables", first),
        // What the recorded state of an environment is about; older applies do not say it.
        Migration("targets of applies", "ALTER TABLE apply ADD COLUMN target TEXT"),
        Migration("who holds an environment, and what revisions did", holdsAndChanges),
        Migration("messages to forges and receivers", outbox),
        Migration("inputs, guards and approvals of environments", inputsAndGuards),
        Migration("sweeps for drift", sweeps),
    ]

    private static let inputsAndGuards = """
        -- What the recorded state was made from; gone with every change of the state.
        CREATE TABLE input (
            environment TEXT PRIMARY KEY NOT NULL,
            commit_id TEXT NOT NULL,
            version TEXT NOT NULL,
            document TEXT NOT NULL
        ) WITHOUT ROWID;

        -- The guards of the Environment that was applied last, in the form gatewright.guards/v1.
        CREATE TABLE applied_guards (
            environment TEXT PRIMARY KEY NOT NULL,
            document TEXT NOT NULL
        ) WITHOUT ROWID;

        -- The plan that a person agreed to, until it is applied.
        CREATE TABLE approval (
            environment TEXT PRIMARY KEY NOT NULL,
            digest TEXT NOT NULL,
            author TEXT NOT NULL,
            time INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    private static let holdsAndChanges = """
        ALTER TABLE hold ADD COLUMN holder TEXT NOT NULL DEFAULT '';
        ALTER TABLE hold ADD COLUMN until INTEGER;
        ALTER TABLE hold ADD COLUMN revision INTEGER;
        ALTER TABLE hold ADD COLUMN consent TEXT;

        -- What a revision did, in the form gatewright.changes/v1; of the newest revisions only.
        CREATE TABLE revision_changes (
            environment TEXT NOT NULL,
            number INTEGER NOT NULL,
            changes TEXT NOT NULL,
            PRIMARY KEY (environment, number)
        );

        -- Which revisions left which objects changed.
        CREATE TABLE revision_object (
            environment TEXT NOT NULL,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (environment, name, kind, number)
        ) WITHOUT ROWID;
        """

    /// What is to be sent to others and was not yet.
    private static let outbox = """
        CREATE TABLE outbox (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,
            letter TEXT NOT NULL,
            document TEXT NOT NULL,
            UNIQUE (channel, letter)
        );
        """

    private static let sweeps = """
        -- What the last look at the target of an environment found.
        CREATE TABLE sweep (
            environment TEXT PRIMARY KEY NOT NULL,
            time INTEGER NOT NULL,
            fingerprint TEXT NOT NULL,
            report TEXT NOT NULL,
            corrected TEXT,
            corrections INTEGER NOT NULL,
            corrected_time INTEGER
        ) WITHOUT ROWID;
        """

    private static let first = """
        -- The recorded state: what the last successful steps left on the target.
        CREATE TABLE object (
            environment TEXT NOT NULL,
            address TEXT NOT NULL,
            kind TEXT NOT NULL,
            identity TEXT NOT NULL,
            document TEXT NOT NULL,
            dependencies TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            PRIMARY KEY (environment, address)
        ) WITHOUT ROWID;

        -- Addresses whose recorded document may not be what the target has.
        CREATE TABLE drift (
            environment TEXT NOT NULL,
            address TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (environment, address)
        ) WITHOUT ROWID;

        CREATE TABLE apply (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            environment TEXT NOT NULL,
            is_ended INTEGER NOT NULL
        );
        CREATE INDEX apply_by_environment ON apply (environment, is_ended, number);

        -- Append-only; one row for each append: records in the form gatewright.journal/v1, a line each.
        CREATE TABLE journal (
            apply INTEGER NOT NULL REFERENCES apply (number) ON DELETE CASCADE,
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            records TEXT NOT NULL
        );
        CREATE INDEX journal_by_apply ON journal (apply, sequence);

        -- The epoch only rises: what an older one writes is refused.
        CREATE TABLE lease (
            environment TEXT PRIMARY KEY NOT NULL,
            holder TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE revision (
            environment TEXT NOT NULL,
            number INTEGER NOT NULL,
            commit_id TEXT NOT NULL,
            author TEXT NOT NULL,
            subject TEXT NOT NULL,
            digest TEXT,
            outcome TEXT NOT NULL,
            started INTEGER NOT NULL,
            duration INTEGER NOT NULL,
            steps INTEGER NOT NULL,
            problem_code TEXT,
            problem_message TEXT,
            PRIMARY KEY (environment, number)
        ) WITHOUT ROWID;
        CREATE INDEX revision_by_outcome ON revision (environment, outcome, number);

        CREATE TABLE event (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            environment TEXT NOT NULL,
            kind TEXT NOT NULL,
            time INTEGER NOT NULL,
            commit_id TEXT,
            message TEXT NOT NULL,
            problem_code TEXT,
            problem_message TEXT
        );
        CREATE INDEX event_by_environment ON event (environment, number);

        CREATE TABLE hold (
            environment TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL,
            commit_id TEXT,
            head TEXT,
            since INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) WITHOUT ROWID;
        """
}
