"""The hosting API (``/api/{section}/{method}``), an object per item of ``result``."""

import msgspec

from infrazen.providers.beget.wire.common import Ident, Loose, Wire


class Problem(Wire):
    """An entry of ``errors``."""

    error_code: Ident | None = None
    error_text: str | None = None


class MethodAnswer(Wire):
    """``answer`` of a call that the API let through."""

    status: str
    result: msgspec.Raw = msgspec.Raw(b"null")
    errors: list[Problem] | None = None
    error_code: Ident | None = None
    error_text: str | None = None


class Envelope(Wire):
    """What every call answers with; both statuses must be ``success``."""

    status: str
    answer: MethodAnswer | None = None
    error_code: Ident | None = None
    error_text: str | None = None


class Account(Wire):
    """``user/getAccountInfo``. Sizes in MB; 2147483647 means without limit."""

    plan_name: str | None = None
    user_sites: Loose = None
    plan_site: Loose = None
    user_domains: Loose = None
    plan_domain: Loose = None
    user_mysqlsize: Loose = None
    plan_mysql: Loose = None
    user_quota: Loose = None
    plan_quota: Loose = None
    user_ftp: Loose = None
    plan_ftp: Loose = None
    user_mail: Loose = None
    plan_mail: Loose = None
    user_bash: str | None = None
    plan_cp: Loose = None
    user_rate_current: Loose = None
    user_is_year_plan: Loose = None
    user_rate_year: Loose = None
    user_rate_month: Loose = None
    user_balance: Loose = None
    user_days_to_block: Loose = None
    server_apache_version: str | None = None
    server_mysql_version: str | None = None
    server_nginx_version: str | None = None
    server_perl_version: str | None = None
    server_php_version: str | None = None
    server_python_version: str | None = None
    server_name: str | None = None
    server_cpu_name: str | None = None
    server_memory: Loose = None
    server_memorycurrent: Loose = None
    server_loadaverage: Loose = None
    server_uptime: Loose = None


class Domain(Wire):
    """``domain/getList``. An unset date is null, 0 or empty."""

    fqdn: str
    id: Ident | None = None
    date_add: Ident | None = None
    auto_renew: Loose = None
    date_register: Ident | None = None
    date_expire: Ident | None = None
    registrar: str | None = None
    registrar_status: str | None = None
    register_order_status: str | None = None
    renew_order_status: Ident | None = None
    is_under_control: Loose = None


class Subdomain(Wire):
    """``domain/getSubdomainList``."""

    fqdn: str
    id: Ident | None = None
    domain_id: Ident | None = None


class Zone(Wire):
    """A value of ``domain/getZoneList``: rubles per year."""

    zone: str
    price_renew: Loose = None
    price_idn_renew: Loose = None


class SiteDomain(Wire):
    """A domain that a site answers to."""

    fqdn: str


class Site(Wire):
    """``site/getList``."""

    id: Ident
    path: str
    domains: list[SiteDomain] | None = None


class DatabaseAccess(Wire):
    """From where a database may be reached."""

    name: str | None = None


class Database(Wire):
    """``mysql/getList``. ``size`` in MB."""

    name: str
    size: Loose = None
    accesses: list[DatabaseAccess] | None = None


class FtpAccount(Wire):
    """``ftp/getList``."""

    login: str
    homedir: str | None = None


class Mailbox(Wire):
    """``mail/getMailboxList``."""

    mailbox: str
    domain: str
    spam_filter_status: Loose = None
    forward_mail_status: str | None = None
