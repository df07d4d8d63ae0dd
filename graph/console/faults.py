"""What is said when something cannot be done: one table of codes, and which error of ours is which.

Words never repeat what was asked, and what may not be seen is told from what does not exist by nothing.
"""

from __future__ import annotations

from typing import Any, Self

import msgspec

from schemas import errors
from schemas.times import iso

_SAID: dict[str, tuple[int, str, str]] = {
    "session": (401, "请登录；已填写的内容不会丢失", "sign in; nothing that you typed is lost"),
    "credentials": (401, "用户名或密码不正确", "the name or the password is not right"),
    "locked": (429, "失败次数过多，请稍后再试", "too many attempts failed: wait before the next one"),
    "away": (
        403,
        "本次登录已过期，或不是从本页面开始的，请重新登录",
        "this sign-in took too long, or did not begin here: begin again",
    ),
    "vouched": (
        401,
        "统一身份认证未能确认您的身份，请重新登录；若再次出现，请联系管理员",
        "your organisation's sign-in did not confirm who you are: try again, or ask an administrator",
    ),
    "account": (
        403,
        "身份已确认，但您在本系统没有可用的账户，请联系管理员",
        "it is known who you are, but you have no account in use here: ask an administrator",
    ),
    "provider": (
        503,
        "统一身份认证暂时无法使用，请稍后再试，或用本系统密码登录",
        "your organisation's sign-in cannot be reached: try later, or use your password of this system",
    ),
    "csrf": (
        403,
        "请求未带会话令牌，请刷新页面",
        "the request lacks the session's token: load the page anew",
    ),
    "password": (403, "请先更换初始密码", "change the password that you were given first"),
    "role": (403, "您的角色无权进行此操作", "your role may not do this"),
    "purpose": (428, "请先说明查阅目的", "say for what purpose you read first"),
    "case": (403, "您不是该案件成员", "you are not a member of this case"),
    "unknown": (404, "不存在，或您无权查看", "it does not exist, or you may not see it"),
    "ambiguous": (409, "符合条件的不止一个，请选择", "several fit: choose one"),
    "changed": (
        409,
        "其他人刚作出决定，请看最新情况",
        "somebody else decided meanwhile: look at what stands now",
    ),
    "invalid": (422, "填写有误", "a value cannot be used"),
    "too_large": (413, "内容过大", "this is too large"),
    "method": (405, "不支持的请求方式", "this method is not allowed here"),
    "slow": (503, "查询超时已取消，请缩小范围", "the query took too long and was cancelled: narrow it down"),
    "busy": (503, "登录的人太多，请稍后再试", "many sign in just now: try again in a moment"),
    "store": (503, "数据库暂时无法读取", "the store cannot be read at the moment"),
    "fault": (500, "程序出错，已记录", "a fault of the program; it is in the log"),
}
_BY_STATUS = {404: "unknown", 405: "method", 413: "too_large"}


class Fault(Exception):
    """Something that cannot be done, as it is answered. `more` is what the page needs to go on."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status, self.chinese, self.english = _SAID[code]
        self.more = more

    @classmethod
    def invalid(cls, field: str, words: str | None = None) -> Self:
        """A value that cannot be used, by the field's name."""
        fault = cls("invalid", field=field)
        if words:
            fault.english = words
            fault.chinese = f"{fault.chinese}：{field}"
        return fault

    @classmethod
    def of_status(cls, status: int) -> Self:
        """What the framework refuses by itself."""
        return cls(_BY_STATUS.get(status, "fault" if status >= 500 else "invalid"))


_PLAIN: tuple[tuple[type[Exception], str], ...] = (
    (errors.NotFound, "unknown"),
    (errors.TooSlow, "slow"),
    (errors.CredentialsRefused, "credentials"),
    (errors.SessionEnded, "session"),
    (errors.ProviderSilent, "provider"),
    (errors.NoAccount, "account"),
    (errors.NotVouched, "vouched"),
    (errors.NotAMember, "case"),
    (errors.NotTheirs, "role"),
    (errors.StoreError, "store"),
)


def fault_of(error: Exception) -> Fault:
    """How an error of ours is answered."""
    match error:
        case Fault():
            return error
        case errors.AccountLocked():
            return Fault("locked", until=iso(error.until))
        case errors.Changed():
            return Fault("changed", now=msgspec.to_builtins(error.now))
        case errors.Invalid():
            return Fault.invalid(error.field, str(error))
        case errors.UsageError():
            return Fault.invalid("", str(error))
    return Fault(next((code for kind, code in _PLAIN if isinstance(error, kind)), "fault"))


def statuses() -> list[int]:
    """The HTTP statuses that faults have, each once."""
    return sorted({status for status, _, _ in _SAID.values()})
