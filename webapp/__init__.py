"""The public site: Flask, server-rendered, whole without JavaScript.

May import ``search`` and nothing of ``indexer`` (only a later ``webapp/editor/`` may).
"""

from webapp.app import create_app
from webapp.server import serve

__all__ = ["create_app", "serve"]
