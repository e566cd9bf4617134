"""What the board asks of a drill: its tables by its id. Starlette; no Streamlit."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from core import drill


async def tables(request: Request) -> Response:
    """GET: a drill's tables; 404 with a sentence where there is no such drill. A tablet keeps its own copy."""
    id_ = request.path_params["id"]
    found = drill.shipped().get(id_)
    if found is None:
        sentence = f"Expected a drill ({', '.join(drill.shipped())}), found {id_[:60]!r}."
        return JSONResponse({"error": sentence}, 404, headers={"Cache-Control": "no-store"})
    return JSONResponse(msgspec.to_builtins(found), headers={"Cache-Control": "no-cache"})
