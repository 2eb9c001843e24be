"""What a person, or a program that asked for JSON, reads when a command fails."""

import errno
import os
import sys
from dataclasses import dataclass

import click

from infrazen import errors
from infrazen.cli.exits import Exit, exit_for
from infrazen.errors import InfraZenError

_ADVICE = {
    errors.CredentialsRefused.reason: "enter what is right: "
    "`infrazen connection edit NAME --secret-file FILE`",
    errors.PermissionMissing.reason: "open this part of the API in the provider's control panel",
    errors.Throttled.reason: "try again later",
    errors.ProviderUnavailable.reason: "try again later",
    errors.TimeLimitReached.reason: "give the connection more time, "
    "or ask the provider for a higher request rate",
    errors.UnexpectedPayload.reason: "if it stays so, the API has changed: "
    "look for a newer InfraZen",
}
"""What to do about what a cloud said, by the error's stable word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failure in one line: the exit code, its stable word and what to do."""

    code: Exit
    reason: str
    message: str
    field: str | None = None

    def document(self) -> dict[str, object]:
        """The failure as ``--json`` prints it on standard error."""
        facts = {"reason": self.reason, "message": self.message, "exit_code": int(self.code)}
        return {"error": facts | ({"field": self.field} if self.field else {})}


def advised(reason: str, message: str) -> str:
    """``message`` and, where it is a cloud's own, what to do about it."""
    advice = _ADVICE.get(reason)
    return f"{message}; {advice}" if advice else message


def failure(error: BaseException) -> Failure:
    """Tell what ``error`` means for whoever ran the command."""
    if isinstance(error, InfraZenError):
        field = getattr(error, "field", None)
        message = advised(error.reason, str(error))
        return Failure(code=exit_for(error), reason=error.reason, message=message, field=field)
    if isinstance(error, click.ClickException):
        return Failure(code=Exit.USAGE, reason="Usage", message=_usage_message(error))
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return Failure(code=Exit.INTERRUPTED, reason="Interrupted", message="stopped")
    if isinstance(error, OSError):
        return Failure(code=Exit.STORAGE, reason="SystemError", message=_system_message(error))
    if (wrong := _wrong_settings(error)) is not None:
        return Failure(code=Exit.USAGE, reason="Settings", message=wrong)
    return Failure(
        code=Exit.BUG,
        reason="InternalError",
        message=f"an unforeseen error ({type(error).__name__}): "
        "run it again with --debug and report what it shows",
    )


def _usage_message(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f" (see `{context.command_path} --help`)" if context else ""
    return error.format_message().rstrip(".") + hint


def _system_message(error: OSError) -> str:
    place = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{place}: free some space and try again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no right to read or write this{place}: check owner and rights of file and folder"
    return f"{os.strerror(error.errno) if error.errno else error}{place}"


def _wrong_settings(error: BaseException) -> str | None:
    """What a settings error says, without the value: it may be a secret."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None or not isinstance(error, pydantic.ValidationError):
        return None
    if error.title != "Settings":
        return None
    return "; ".join(
        f"INFRAZEN_{'_'.join(str(part) for part in wrong['loc']).upper()}: {wrong['msg']}"
        for wrong in error.errors(include_input=False, include_url=False)
    )
