"""The cloud API (``/v1/...``). Sizes of machines in MB, used and left disk in bytes."""

from decimal import Decimal

import msgspec

from infrazen.providers.beget.wire.common import Ident, Loose, Wire


class Reply(Wire):
    """Base of whole answers: an error comes with status 200, as a word or an object."""

    error: msgspec.Raw = msgspec.Raw(b"null")


class Token(Reply):
    """``POST /v1/auth``."""

    token: str | None = None


class FieldValue(Wire):
    """What software was installed with; ``type`` PASSWORD is a secret in the clear."""

    value: Loose = None
    type: str | None = None
    variable: str | None = None
    label_ru: str | None = None
    label_en: str | None = None


class License(Wire):
    """A paid licence of installed software."""

    display_name: str | None = None
    plan: str | None = None


class Software(Wire):
    """Software installed on a server."""

    name: str | None = None
    display_name: str | None = None
    version: str | None = None
    address: str | None = None
    status: str | None = None
    slug: str | None = None
    field_value: list[FieldValue] | None = None
    license: list[License] | None = None


class Configuration(Wire):
    """A server's size and price, rubles per day and per month."""

    cpu_count: int
    disk_size: int
    memory: int
    id: str | None = None
    name: str | None = None
    bandwidth_public: int | None = None
    price_day: Decimal | None = None
    price_month: Decimal | None = None
    region: str | None = None
    group: str | None = None
    available: bool | None = None


class SshKey(Wire):
    """A public key's name."""

    name: str | None = None


class PrivateNetwork(Wire):
    """A network between servers."""

    id: Ident
    subnet: str | None = None
    mask: int | None = None
    region: str | None = None


class AttachedNetwork(Wire):
    """A server's place in a private network."""

    network: PrivateNetwork
    ip: list[str] | None = None


class Server(Wire):
    """``vps`` of ``GET /v1/vps/server/list``."""

    id: str
    configuration: Configuration
    slug: str | None = None
    display_name: str | None = None
    hostname: str | None = None
    status: str | None = None
    description: str | None = None
    date_create: str | None = None
    ip_address: str | None = None
    additional_ip_address: list[str] | None = None
    private_network: list[AttachedNetwork] | None = None
    ssh_keys: list[SshKey] | None = None
    rescue_mode: bool | None = None
    archived: bool | None = None
    beget_ssh_access_allowed: bool | None = None
    disk_used: int | None = None
    disk_left: int | None = None
    technical_domain: str | None = None
    software_domain: str | None = None
    software: Software | None = None
    region: str | None = None
    project_id: Ident | None = None


class Servers(Reply):
    """``GET /v1/vps/server/list``."""

    vps: list[msgspec.Raw] | None = None
    total_count: int | None = None


class AdditionalAddress(Wire):
    """``additional_ip`` of ``GET /v1/vps/network``; without ``vps_id`` nobody uses it."""

    ip: str
    vps_id: str | None = None
    region: str | None = None


class Network(Reply):
    """``GET /v1/vps/network``."""

    additional_ip: list[msgspec.Raw] | None = None
    private_network: list[msgspec.Raw] | None = None


class SnapshotSize(Wire):
    """What a server restored from a snapshot needs."""

    cpu_count: int | None = None
    disk_size: int | None = None
    memory: int | None = None


class Snapshot(Wire):
    """``snapshot`` of ``GET /v1/vps/snapshot``. ``size`` in bytes."""

    id: str
    vps_id: str | None = None
    vps_name: str | None = None
    vps_exists: bool | None = None
    date_create: str | None = None
    size: int | None = None
    status: str | None = None
    description: str | None = None
    configuration: SnapshotSize | None = None
    price_day: Decimal | None = None
    region: str | None = None


class Snapshots(Reply):
    """``GET /v1/vps/snapshot``."""

    snapshot: list[msgspec.Raw] | None = None


class Configurations(Reply):
    """``GET /v1/vps/configuration``: the price list of whole sizes."""

    configurations: list[msgspec.Raw] | None = None


class Reach(Wire):
    """From where to where a part of a size can be chosen."""

    min: int
    max: int


class Choice(Wire):
    """How a part of a size can be chosen."""

    available_range: Reach
    step: int = 1


class Choices(Wire):
    """``settings`` of ``GET /v1/vps/configurator/info``; memory in MB."""

    cpu_settings: Choice
    memory_settings: Choice


class Configurator(Reply):
    """``GET /v1/vps/configurator/info``."""

    settings: Choices | None = None
    is_available: bool | None = None


class Calculated(Wire):
    """``success`` of ``GET /v1/vps/configurator/calculation``."""

    price_day: Decimal
    price_month: Decimal | None = None


class Calculation(Reply):
    """``GET /v1/vps/configurator/calculation``: what a size would cost."""

    success: Calculated | None = None


class DatabaseSize(Wire):
    """A managed database's size and version."""

    cpu_count: int
    disk_size: int
    memory: int
    version: str | None = None
    display_version: str | None = None


class Address(Wire):
    """An address of a managed database."""

    ip: str | None = None


class Addresses(Wire):
    """Where a managed database is reached."""

    public: list[Address] | None = None
    private: list[Address] | None = None


class ManagedDatabase(Wire):
    """``mysql5``, ``postgresql15``, … of a service."""

    configuration: DatabaseSize
    host: str | None = None
    port: int | None = None
    address_info: Addresses | None = None
    disk_used: int | None = None
    disk_left: int | None = None
    read_only: bool | None = None


class Access(Wire):
    """FTP or SFTP into a bucket, password in the clear."""

    host: str | None = None
    port: int | None = None
    login: str | None = None
    password: str | None = None
    status: str | None = None


class CorsRule(Wire):
    """One CORS rule of a bucket."""

    fqdn: str | None = None
    http_method: list[str] | None = None


class AttachedCdn(Wire):
    """The CDN service in front of a bucket."""

    service_id: str | None = None


class Bucket(Wire):
    """``s3`` of a service, keys in the clear. ``quota_used_size`` in a unit left open."""

    public: bool | None = None
    access_key: str | None = None
    secret_key: str | None = None
    fqdn: str | None = None
    cors: list[CorsRule] | None = None
    quota_used_size: int | None = None
    ftp: Access | None = None
    sftp: Access | None = None
    attached_cdn: AttachedCdn | None = None


class ResourceDomain(Wire):
    """A domain that a CDN answers to."""

    domain: str | None = None


class SourceDomain(Wire):
    """Where a CDN takes its content from."""

    domain: str | None = None
    source_service_id: str | None = None


class TokenizedUrl(Wire):
    """Signed links; the key is a secret in the clear."""

    enable: bool | None = None
    key: str | None = None


class CdnSettings(Wire):
    """What of a CDN's settings matters here."""

    tokenized_url_secure_key: TokenizedUrl | None = None


class Cdn(Wire):
    """``cdn`` of a service."""

    resource_domain: list[ResourceDomain] | None = None
    source_domain: SourceDomain | None = None
    settings: CdnSettings | None = None
    ssl_enabled: bool | None = None


class Service(Wire):
    """``service`` of ``GET /v1/cloud``: one payload, under the key that ``type`` names."""

    id: str
    type: str
    configuration_id: str | None = None
    display_name: str | None = None
    description: str | None = None
    project_id: Ident | None = None
    status: str | None = None
    status_details: str | None = None
    created_at: str | None = None
    price_day: Decimal | None = None
    price_month: Decimal | None = None
    slug: str | None = None
    region: str | None = None
    mysql5: ManagedDatabase | None = None
    mysql8: ManagedDatabase | None = None
    mysql84: ManagedDatabase | None = None
    postgresql14: ManagedDatabase | None = None
    postgresql15: ManagedDatabase | None = None
    postgresql164: ManagedDatabase | None = None
    s3: Bucket | None = None
    cdn: Cdn | None = None

    @property
    def database(self) -> ManagedDatabase | None:
        """The payload of a managed database."""
        return (
            self.mysql5
            or self.mysql8
            or self.mysql84
            or self.postgresql14
            or self.postgresql15
            or self.postgresql164
        )


class Services(Reply):
    """``GET /v1/cloud``."""

    service: list[msgspec.Raw] | None = None
    total_count: int | None = None


class ServiceConfiguration(Wire):
    """``configuration`` of ``GET /v1/cloud/configuration``: a size of a managed database.

    What is no database has no size and is not compared.
    """

    id: str
    type: str
    price_day: Decimal | None = None
    price_month: Decimal | None = None
    region: str | None = None
    mysql5: DatabaseSize | None = None
    mysql8: DatabaseSize | None = None
    mysql84: DatabaseSize | None = None
    postgresql14: DatabaseSize | None = None
    postgresql15: DatabaseSize | None = None
    postgresql164: DatabaseSize | None = None

    @property
    def size(self) -> DatabaseSize | None:
        """The size, under the key that ``type`` names."""
        return (
            self.mysql5
            or self.mysql8
            or self.mysql84
            or self.postgresql14
            or self.postgresql15
            or self.postgresql164
        )


class ServiceConfigurations(Reply):
    """``GET /v1/cloud/configuration``."""

    configuration: list[msgspec.Raw] | None = None


class BucketCharge(Wire):
    """``bucket`` of ``GET /v1/cloud/s3/price``: what is charged for use, in rubles."""

    name: str
    display_name: str | None = None
    storage_size: Loose = None
    storage_rate: Decimal | None = None
    traffic_amount: Loose = None
    traffic_rate: Decimal | None = None


class BucketCharges(Reply):
    """``GET /v1/cloud/s3/price``."""

    bucket: list[msgspec.Raw] | None = None


class CdnCharge(Wire):
    """``cdn`` of ``GET /v1/cloud/cdn/price``."""

    cdn_service_id: str
    traffic_amount: Loose = None
    traffic_rate: Decimal | None = None


class CdnCharges(Reply):
    """``GET /v1/cloud/cdn/price``."""

    cdn: list[msgspec.Raw] | None = None


class Project(Wire):
    """``projects`` of ``GET /v1/cloud/projects/list``."""

    id: Ident
    name: str


class ProjectPage(Wire):
    """``page`` of ``GET /v1/cloud/projects/list``."""

    projects: list[msgspec.Raw] | None = None
    total_count: int | None = None


class Projects(Reply):
    """``GET /v1/cloud/projects/list``."""

    page: ProjectPage = msgspec.field(default_factory=ProjectPage)


class Series(Wire):
    """Parallel arrays; a value may be missing."""

    date: list[str] | None = None
    value: list[float | None] | None = None


class HistoryItem(Wire):
    """Something that was done to a server."""

    date: str
    type: str
    has_error: bool | None = None


class History(Reply):
    """``GET /v1/vps/{id}/history``."""

    history: list[HistoryItem] | None = None


class Statistic(Reply):
    """``GET .../statistic/{cpu|memory|disk|network}``: the series that the path names."""

    cpu: Series | None = None
    memory: Series | None = None
    data_read: Series | None = None
    data_write: Series | None = None
    data_rx: Series | None = None
    data_tx: Series | None = None
