"""The tables of comments that were spoken, and of those that were read; their words stand beside the log."""

from sqlalchemy import Index

from queuedesk.core.quality.case import ReadComment, SpokenComment
from queuedesk.store.schema.table import record_table

spoken_comments = record_table(
    "spoken_comments",
    SpokenComment,
    Index("ix_spoken_comments_date", "hall", "date"),
)

read_comments = record_table(
    "read_comments",
    ReadComment,
    Index("ix_read_comments_date", "hall", "date"),
    key=("id",),
)
