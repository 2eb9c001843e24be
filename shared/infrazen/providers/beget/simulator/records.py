"""One simulated record of each kind, with every field that the API has."""

from decimal import Decimal
from typing import Any

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.beget.simulator import tariffs

UNLIMITED = 2_147_483_647
CREATED = "2025-06-14T09:12:33Z"


def account(
    *,
    price: Decimal,
    balance: float = 100_000.0,
    days_to_block: int = 365,
    sites: int = 0,
    domains: int = 0,
    mysql: int = 0,
    ftp: int = 0,
    mail: int = 0,
    quota: int = 0,
) -> Record:
    """``user/getAccountInfo`` of an account that costs ``price`` a day."""
    return {
        "plan_name": "Cloud",
        "user_sites": sites,
        "plan_site": 25,
        "user_domains": domains,
        "plan_domain": UNLIMITED,
        "user_mysqlsize": mysql,
        "plan_mysql": UNLIMITED,
        "user_quota": quota,
        "plan_quota": 10000,
        "user_ftp": ftp,
        "plan_ftp": UNLIMITED,
        "user_mail": mail,
        "plan_mail": UNLIMITED,
        "user_bash": "/bin/bash",
        "plan_cp": 80,
        "user_rate_current": tariffs.number(price),
        "user_is_year_plan": "0",
        "user_rate_year": tariffs.whole(price * tariffs.DAYS_A_YEAR),
        "user_rate_month": tariffs.whole(price * tariffs.DAYS_A_YEAR / 12),
        "user_balance": balance,
        "user_days_to_block": days_to_block,
        "server_apache_version": "2.4.55",
        "server_mysql_version": "5.7.21-20",
        "server_nginx_version": "1.24.0",
        "server_perl_version": "5.34.0",
        "server_php_version": "8.2.13",
        "server_python_version": "3.10.12",
        "server_name": "gagarin7.beget.com",
        "server_cpu_name": "62 *  AMD EPYC 7763 64-Core Processor",
        "server_memory": 772905,
        "server_memorycurrent": 30460,
        "server_loadaverage": 20.92,
        "server_uptime": 71,
    }


def zones() -> Collection:
    """``domain/getZoneList``: rubles per year."""
    prices = (("ru", 199, 399), ("рф", 199, 399), ("com", 1390, 1690), ("io", 5900, 6200))
    return Collection(
        (
            zone,
            {
                "id": str(number),
                "zone": zone,
                "price": str(first),
                "price_renew": str(renewal),
                "price_idn": str(first),
                "price_idn_renew": str(renewal),
                "is_idn": "1",
                "is_national": "0",
                "min_period": "1",
                "max_period": "1",
            },
        )
        for number, (zone, first, renewal) in enumerate(prices, start=1)
    )


def domain(
    id: int,
    name: str,
    *,
    registrar: str | None = None,
    status: str | None = None,
    registered: str | None = "2024-09-23",
    expires: str | None = "2026-09-23",
) -> Record:
    """``domain/getList``: numbers as strings, as the API has them."""
    return {
        "id": str(id),
        "fqdn": name,
        "date_add": "2024-09-23 12:40:11",
        "auto_renew": "1",
        "date_register": registered,
        "date_expire": expires or 0,
        "can_renew": "0",
        "registrar": registrar,
        "registrar_status": status,
        "register_order_status": None,
        "register_order_comment": None,
        "renew_order_status": "0",
        "is_under_control": 1 if registrar else 0,
    }


def software(secret: str | None) -> Record:
    """n8n with its administrator's password in the clear, as the API hands it out."""
    return {
        "name": "n8n",
        "display_name": "n8n",
        "version": "1.108.2",
        "address": "https://n8n.example.ru",
        "status": "INSTALLED",
        "field_value": [
            {
                "label_ru": "Почта",
                "label_en": "E-mail",
                "value": "admin@example.ru",
                "type": "EMAIL",
                "variable": "email",
            },
            {
                "label_ru": "Пароль",
                "label_en": "Password",
                "value": secret or "simulated-n8n-password",
                "type": "PASSWORD",
                "variable": "password",
            },
        ],
        "slug": "n8n",
        "post_install_alert": False,
        "license": [],
    }


def server(
    id: str,
    name: str,
    *,
    size: tuple[int, int, int],
    price_day: Decimal,
    status: str = "RUNNING",
    region: str = "ru1",
    address: str = "155.212.1.2",
    project_id: str = "",
    software: Record | None = None,
    disk_used: int = 9_126_805_504,
) -> Record:
    """``vps`` of the list: ``size`` is processors, memory in MB, disk in MB."""
    cpu, memory, disk = size
    slug = name.lower().replace(" ", "-")
    return {
        "id": id,
        "slug": slug,
        "display_name": name,
        "hostname": slug,
        "configuration": {
            "id": tariffs.configuration(*size, price_day=price_day),
            "name": "Comfort",
            "cpu_count": cpu,
            "disk_size": disk,
            "memory": memory,
            "bandwidth_public": 150,
            "price_day": tariffs.number(price_day),
            "price_month": tariffs.number(price_day * tariffs.DAYS_A_MONTH),
            "available": True,
            "custom": False,
            "configurable": True,
            "region": region,
            "group": "normal_cpu",
        },
        "status": status,
        "ssh_keys": [
            {"id": 1, "name": "laptop", "fingerprint": "SHA256:simulated", "vps_id": [id]}
        ],
        "has_password": True,
        "manage_enabled": True,
        "description": "",
        "date_create": CREATED,
        "ip_address": address,
        "rescue_mode": False,
        "migrating": False,
        "host_unavailable": False,
        "unblocking": False,
        "restoring": False,
        "disk_used": str(min(disk_used, disk * 1024 * 1024)),
        "disk_left": str(max(0, disk * 1024 * 1024 - disk_used)),
        "additional_ip_address": [],
        "beget_ssh_access_allowed": False,
        "archived": False,
        "unarchiving": False,
        "private_network": [],
        "technical_domain": f"{slug}.beget.app",
        "software_domain": "",
        "software": software,
        "link_slug": "",
        "region": region,
        "ui_pinned": False,
        "ui_pin_changed_at": "",
        "project_id": project_id,
        "software_id": "",
        "snapshot_id": "",
        "image_id": "",
        "display_rank": "",
    }


def snapshot(id: str, *, server_id: str, server_name: str, exists: bool, gigabytes: int) -> Record:
    """``snapshot`` of ``GET /v1/vps/snapshot``."""
    return {
        "id": id,
        "vps_id": server_id,
        "vps_name": server_name,
        "vps_exists": exists,
        "date_create": CREATED,
        "size": str(gigabytes * 1024**3),
        "status": "DONE",
        "description": f"{server_name} before the upgrade",
        "configuration": {"cpu_count": 1, "disk_size": gigabytes * 1024, "memory": 1024},
        "price_day": tariffs.number(tariffs.SNAPSHOT_GB * gigabytes),
        "region": "ru1",
    }


def additional_address(ip: str, server_id: str) -> Record:
    """``additional_ip`` of ``GET /v1/vps/network``."""
    return {"ip": ip, "vps_id": server_id, "region": "ru1"}


def service(id: str, name: str, *, type: str, region: str, project_id: str = "") -> Record:
    """What every managed service has."""
    return {
        "id": id,
        "configuration_id": f"{type.lower()}-free",
        "display_name": name,
        "description": "",
        "project_id": project_id,
        "ui_pinned": False,
        "status": "RUNNING",
        "status_details": "_",
        "created_at": "2025-05-02T10:00:00Z",
        "price_day": 0,
        "price_month": 0,
        "type": type,
        "manage_enabled": True,
        "slug": name.lower().replace(" ", "-"),
        "monitorable_resources": [],
        "unblocking": False,
        "migrating": False,
        "region": region,
        "restoring": False,
        "display_rank": "",
    }


def database_service(
    id: str,
    name: str,
    *,
    type: str,
    size: tuple[int, int, int],
    region: str,
    project_id: str = "",
    price_day: Decimal | None = None,
    version: str = "8.0.36",
    host: str = "",
    used: int = 458_227_712,
) -> Record:
    """A managed database; its payload lies under the key that ``type`` names."""
    cpu, memory, disk = size
    a_day = tariffs.machine(*size) if price_day is None else price_day
    is_postgresql = type.startswith("POSTGRESQL")
    payload = {
        "configuration": {
            "cpu_count": cpu,
            "disk_size": disk,
            "memory": memory,
            "version": version,
            "display_version": version.rpartition(".")[0],
            "param_config": [],
            "param_default": {},
        },
        "host": host or f"{id[:8]}.beget.app",
        "port": 5432 if is_postgresql else 3306,
        "address_info": {"public": [{"ip": "155.212.1.40"}], "private": []},
        "webui_url" if is_postgresql else "pma_url": "https://admin.beget.app",
        "disk_used": str(used),
        "disk_left": str(disk * 1024 * 1024 - used),
        "read_only": False,
    }
    return service(id, name, type=type, region=region, project_id=project_id) | {
        "configuration_id": f"{type.lower()}-{cpu}-{memory // 1024}-{disk // 1024}",
        "price_day": tariffs.number(a_day),
        "price_month": tariffs.number(a_day * tariffs.DAYS_A_MONTH),
        "monitorable_resources": ["CPU"],
        type.lower(): payload,
    }


def bucket_service(
    id: str,
    name: str,
    *,
    region: str,
    project_id: str = "",
    secret: str | None = None,
    fqdn: str = "",
) -> Record:
    """A bucket, free by itself, with its keys and passwords in the clear."""
    slug = name.lower().replace(" ", "-")
    access: dict[str, Any] = {
        "login": slug,
        "password": secret or "simulated-ftp-password",
        "status": "ENABLED",
    }
    bucket = {
        "public": False,
        "access_key": secret or "SIMULATEDACCESSKEY",
        "secret_key": secret or "simulated-s3-secret",
        "fqdn": fqdn or f"{slug}.s3.beget.com",
        "cors": [
            {
                "id": 1,
                "fqdn": "https://app.example.ru",
                "http_method": ["GET", "PUT"],
                "access_control_allow_headers": ["*"],
                "access_control_expose_headers": [],
                "cache_ttl": "3600",
            }
        ],
        "quota_used_size": 1,
        "ftp": {"host": f"ftp.{region}.beget.com", "port": 21, **access},
        "sftp": {"host": f"sftp.{region}.beget.com", "port": 22, **access},
        "attached_cdn": None,
    }
    return service(id, name, type="S_3", region=region, project_id=project_id) | {"s3": bucket}


def bucket_charge(
    name: str, display_name: str, *, storage: float = 0, traffic: float = 0
) -> Record:
    """``bucket`` of ``GET /v1/cloud/s3/price``."""
    return {
        "name": name,
        "display_name": display_name,
        "storage_size": 1,
        "storage_rate": storage,
        "traffic_amount": 0,
        "traffic_rate": traffic,
    }


def cdn_service(
    id: str, name: str, *, region: str, project_id: str = "", secret: str | None = None
) -> Record:
    """A CDN service, with the key of its signed links in the clear."""
    cdn = {
        "resource_domain": [{"domain": f"{id[:8]}.cdn.example.ru", "is_technical": True}],
        "source_domain": {"domain": "origin.example.ru", "source_service_id": ""},
        "settings": {
            "caching_time": 3600,
            "tokenized_url_secure_key": {
                "enable": True,
                "key": secret or "simulated-cdn-key",
                "include_ip": False,
            },
        },
        "ssl_enabled": True,
        "traffic": "0",
    }
    return service(id, name, type="CDN", region=region, project_id=project_id) | {"cdn": cdn}
