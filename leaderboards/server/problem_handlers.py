"""Turn every error of the framework into the service's own form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from .documents import ProblemDocument
from .problem import Problem

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response


def answer_problems(app: FastAPI) -> None:
    """Give an application its handlers, and its OpenAPI document the schema that they keep to."""

    async def problem(request: Request, error: Any) -> Response:
        return _answer(error)

    async def framework(request: Request, error: Any) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_methods(app, request))
            detail = f"{request.method} is not allowed here; {headers['Allow']} is."
        elif error.status_code == 404:
            detail = "There is nothing at this address. See /openapi.json for what there is."
        else:
            detail = str(error.detail)
        return _answer(Problem(error.status_code, detail, headers))

    async def invalid(request: Request, error: Any) -> Response:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return _answer(Problem(422, f"{where}: {first['msg']}."))

    described = app.openapi

    def openapi() -> dict[str, Any]:
        document = described()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas[ProblemDocument.__name__] = ProblemDocument.model_json_schema()
        return document

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_exception_handler(Problem, problem)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, invalid)


def _answer(problem: Problem) -> Response:
    return problem.response


def _methods(app: FastAPI, request: Request) -> list[str]:
    """Methods that some route takes at the request's address."""
    found: set[str] = set()
    for route in app.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return sorted(found)
