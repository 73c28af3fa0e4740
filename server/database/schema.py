"""All tables, one definition for every engine."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    false,
    func,
)

from server.contract import MAX_LIST_NAME_LENGTH

REVISION = "0010"  # the newest migration: a database at it needs none
MAX_NAME_LENGTH = 64  # characters of an account's name
MAX_MODEL_LENGTH = 8  # characters of a model's name
MAX_MAKER_LENGTH = 16
MAX_TERM_LENGTH = 4  # characters of a searchable text
MAX_LABEL_LENGTH = 100
MAX_ADDRESS_LENGTH = 45  # IPv6 with an embedded IPv4 address
MAX_EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3

metadata = MetaData()
short_lived = MetaData()  # tables of PostgreSQL alone, which no backup or copy needs

entries = Table(
    "entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("input_type", String(10), nullable=False),  # canvas, upload
    Column("predicted", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("image_path", String(100), nullable=False),
    Column("timestamp", String(24), nullable=False),  # UTC, 2026-01-31T12:00:00.123Z
    Column("uncertain", Boolean, nullable=False),
    Column("corrected", Text),
    Column("disputed", Boolean, nullable=False, server_default=false()),  # reviewers disagree
    Column("reread", Text),  # what a newer model reads; NULL: not read again
    Column("reread_by", String(MAX_MODEL_LENGTH)),  # that model
    Column("reading", JSON, nullable=False),
    Column("maker", String(MAX_MAKER_LENGTH), nullable=False),  # which browser or account made it
    Column("image_version", String(16), nullable=False),  # another one for another picture
    Column("owner", String(MAX_NAME_LENGTH), ForeignKey("users.name")),  # NULL: public
    Column("list", String(MAX_LIST_NAME_LENGTH)),  # of its maker; NULL: on none
    Column("rank", Float, nullable=False),  # place in its list
    Index("entries_by_list", "owner", "maker", "list", "rank", "timestamp", "id"),
)

# Where to find entries: every short text that is in what was read or corrected, the empty one too,
# in the order of time. An entry is noted in the whole history, among those of its maker and in its
# list: a page of any of them, with any filter, is a few stretches of this key.
# It refers to no other table: a deleted entry would be looked for through all of it.
findings = Table(
    "findings",
    metadata,
    Column("owner", String(MAX_NAME_LENGTH), primary_key=True),  # "": the public history
    Column("maker", String(MAX_MAKER_LENGTH), primary_key=True),  # "": of an account, or anybody
    Column("list", String(MAX_LIST_NAME_LENGTH), primary_key=True),  # "": in any list or none
    Column("text", String(MAX_TERM_LENGTH), primary_key=True),
    Column("input_type", String(10), primary_key=True),
    Column("status", String(9), primary_key=True),  # see history/findings.py
    Column("timestamp", String(24), primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    sqlite_with_rowid=False,
)

# The counts behind the statistics, of a whole history and of each maker in the public one, as
# findings are. history/tallies.py says what the columns hold; a count of 0 has no row.
tallies = Table(
    "tallies",
    metadata,
    Column("owner", String(MAX_NAME_LENGTH), primary_key=True),  # "": the public history
    Column("maker", String(MAX_MAKER_LENGTH), primary_key=True),  # "": of an account, or anybody
    Column("kind", String(9), primary_key=True),
    Column("first", String(10), primary_key=True),
    Column("second", String(MAX_MODEL_LENGTH), primary_key=True),
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Where to find the entries behind a cell of the confusion matrix, in the order of time.
confusions = Table(
    "confusions",
    metadata,
    Column("owner", String(MAX_NAME_LENGTH), primary_key=True),  # as above
    Column("maker", String(MAX_MAKER_LENGTH), primary_key=True),
    Column("read", String(1), primary_key=True),  # a digit; "": no digit
    Column("written", String(1), primary_key=True),
    Column("timestamp", String(24), primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    sqlite_with_rowid=False,
)

pictures = Table(
    "pictures",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),  # WebP
    Column("sha256", String(64), nullable=False),  # of the file that was sent
    Column("strokes", LargeBinary),  # JSON; NULL: not known
    Column("digits_only", Boolean, nullable=False, server_default=false()),  # as it was read
)

# The digits of corrected entries, which teach the reader for those who made them.
examples = Table(
    "examples",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),  # among the digits of the entry
    Column("owner", String(MAX_NAME_LENGTH)),  # as of the entry
    Column("maker", String(MAX_MAKER_LENGTH), nullable=False),
    Column("label", Integer, nullable=False),  # 0 to 9
    Column("read_as", Integer, nullable=False),  # without any example; 10: no digit
    Column("picture", LargeBinary, nullable=False),  # 28×28 bytes, as the network sees it
    Column("time", String(24), nullable=False),  # of the correction
    Index("examples_by_maker", "owner", "maker", "time"),
)

# Browsers and accounts from whose corrections nothing is to be learned.
unlearning = Table(
    "unlearning",
    metadata,
    Column("maker", String(MAX_MAKER_LENGTH), primary_key=True),
    Column("owner", String(MAX_NAME_LENGTH), ForeignKey("users.name", ondelete="CASCADE")),
)

# The models that were added to the program's own.
models = Table(
    "models",
    metadata,
    Column("name", String(MAX_MODEL_LENGTH), primary_key=True),
    Column("file", String(MAX_LABEL_LENGTH), nullable=False),  # of its digit network
    Column("added", String(24), nullable=False),
)

model_files = Table(
    "model_files",
    metadata,
    Column(
        "model",
        String(MAX_MODEL_LENGTH),
        ForeignKey("models.name", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("file", String(MAX_LABEL_LENGTH), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Which model serves: the newest that is here, or the program's own.
promotions = Table(
    "promotions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model", String(MAX_MODEL_LENGTH), ForeignKey("models.name")),  # NULL: the program's own
    Column("time", String(24), nullable=False),
)

# Histories read again by the model that serves: how far that is.
rereadings = Table(
    "rereadings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("started", String(24), nullable=False),
    Column("finished", String(24)),  # NULL: not yet
    Column("last_id", Uuid),  # of the entries, in the order of their ids; NULL: before the first
    Column("total", Integer, nullable=False),  # entries at the start
    Column("seen", Integer, nullable=False),
    Column("changed", Integer, nullable=False),  # their text or their certainty
    Column("held_until", String(24), nullable=False),  # by the server that goes on with it
)

# What reviewers said that entries say, by a correction or a confirmation, in their order.
reviews = Table(
    "reviews",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),  # from 1
    Column("reviewer", String(MAX_MAKER_LENGTH), nullable=False),  # a browser or program
    Column("text", Text, nullable=False),
    Column("before", Text),  # the correction that it replaced
    Column("settles", Boolean, nullable=False),  # knowing what those before it said
    Column("time", String(24), nullable=False),
)

# Entries that a page shows to a reviewer: no other page gets them.
review_leases = Table(
    "review_leases",
    metadata,
    Column("entry_id", Uuid, ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True),
    Column("page", Uuid, nullable=False),
    Column("expires", String(24), nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("name", String(MAX_NAME_LENGTH), primary_key=True),  # as its owner writes it
    Column("folded_name", String(MAX_NAME_LENGTH), nullable=False, unique=True),  # case-folded
    Column("password_hash", Text, nullable=False),  # argon2id
    Column("email", String(MAX_EMAIL_LENGTH)),
    Column("created", String(24), nullable=False),
    Column("disabled", Boolean, nullable=False),
    # Whether models for everybody may be trained on what it corrected.
    Column("contributes", Boolean, nullable=False, server_default=false()),
    # Signed into the proofs of browsers that know the account: a new one ends them.
    Column("browsers_epoch", String(22), nullable=False, server_default=""),
)

# By what somebody comes as an account: a browser's session or a program's token. Only a digest of
# the secret is kept; the secrets are 256 random bits, so a fast digest is enough.
keys = Table(
    "keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column(
        "user_name",
        String(MAX_NAME_LENGTH),
        ForeignKey("users.name", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("kind", String(10), nullable=False),  # session, token
    Column("label", String(MAX_LABEL_LENGTH), nullable=False),  # the browser, or a token's name
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("created", String(24), nullable=False),
    Column("used", String(24), nullable=False),
    Column("expires", String(24)),  # a token has no end of its own
    Index("keys_by_user", "user_name"),
)

# What happened to an account. Lines of nobody count wrong passwords for names that nobody has:
# such a try takes as long as one for an account.
account_log = Table(
    "account_log",
    metadata,
    Column("id", Integer, primary_key=True),  # the newest line has the greatest
    Column("user_name", String(MAX_NAME_LENGTH), ForeignKey("users.name", ondelete="CASCADE")),
    Column("time", String(24), nullable=False),  # of the last, if several are counted together
    Column("event", String(20), nullable=False),
    Column("detail", String(MAX_LABEL_LENGTH), nullable=False),  # a token's name, a browser, or ""
    Column("times", Integer, nullable=False),
    Column("address", String(MAX_ADDRESS_LENGTH), nullable=False),  # "": the operator
    Column("agent", String(MAX_LABEL_LENGTH), nullable=False),  # in plain words
    Index("account_log_by_user", "user_name", "id"),
)

# The newest events of all histories, for every process of a server.
events = Table(
    "history_events",
    short_lived,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("time", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("event", String(20), nullable=False),
    Column("owner", String(MAX_NAME_LENGTH)),  # NULL: public
    Column("maker", String(MAX_MAKER_LENGTH), nullable=False),
    Column("content", LargeBinary, nullable=False),  # JSON
)
