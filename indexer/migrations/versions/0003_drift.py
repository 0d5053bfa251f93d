"""Drift: how far a site's rules still fit each page that was compared."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Earlier visits were not compared."""
    op.add_column("visits", sa.Column("drift", sa.Text, nullable=False, server_default=""))
