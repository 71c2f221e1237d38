"""The five reserved claims and the form of their values (spec chapter 3)."""

import re

PRINCIPALS = ("agent_id", "server_id", "tool_id", "user_id")
WORKLOADS = ("agent_id", "server_id", "tool_id")
RESERVED = ("org_id",) + PRINCIPALS

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def is_name(value) -> bool:
    """[CLM-01] A JSON string, and the whole of it has the form."""
    return isinstance(value, str) and _NAME.fullmatch(value) is not None
