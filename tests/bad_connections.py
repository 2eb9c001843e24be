"""Changes that spoil a CloudConnection's spec, and what the API server says of each."""

MEGABYTE = "x" * 1_000_000

REFUSED = {
    "unknown provider": ({"provider": "nebula"}, 'supported values: "beget", "selectel", "yandex"'),
    "cron of four fields": ({"schedule": "* * * *"}, "a schedule is a cron line of five fields"),
    "cron out of range": ({"schedule": "0 24 * * *"}, "a schedule is a cron line of five fields"),
    "zone in words": ({"timeZone": "Moscow time"}, "a time zone is an IANA name"),
    "no zone": ({"timeZone": ""}, "spec.timeZone"),
    "no credentials": (
        {"credentialsSecretRef": None},
        "beget needs credentials: name a Secret of this namespace that has login, password",
    ),
    "Secret of another namespace": (
        {"credentialsSecretRef": {"name": "beget-main", "namespace": "other"}},
        'unknown field "spec.credentialsSecretRef.namespace"',
    ),
    "Secret by a path": (
        {"credentialsSecretRef": {"name": "other/beget-main"}},
        "a Secret is referred to by its name alone, in the namespace of the CloudConnection",
    ),
    "setting of another provider": (
        {"settings": {"folderIds": "b1g"}},
        "spec.settings.folderIds: Invalid value: folderIds is a setting of yandex alone",
    ),
    "unknown setting": ({"settings": {"depth": 3}}, 'unknown field "spec.settings.depth"'),
    "setting of another type": (
        {"settings": {"collectMailboxes": "yes"}},
        "must be of type boolean",
    ),
    "setting out of bounds": (
        {"settings": {"statisticsSeconds": 1}},
        "greater than or equal to 10",
    ),
    "setting beyond its provider's bounds": (
        {"provider": "yandex", "settings": {"statisticsHours": 169}},
        "for yandex statisticsHours is at most 168",
    ),
    "endpoint of another scheme": ({"endpoint": "file:///etc/passwd"}, "https://api.example.com"),
    "endpoint with credentials": (
        {"endpoint": "https://someone:pw@api.example.com"},
        "with neither credentials nor a query",
    ),
    "endpoint with a query": ({"endpoint": "https://api.example.com?next=x"}, "nor a query"),
    "organization's title": ({"organization": "Acme & Co"}, "an organization is named by its slug"),
    "several lines": ({"displayName": "one\ntwo"}, "one line of text"),
    "lines of another kind": ({"displayName": "one\u2028two"}, "one line of text"),
    "no time at all": ({"timeoutSeconds": 0}, "greater than or equal to 1"),
    "a week and a second": ({"startingDeadlineSeconds": 604801}, "less than or equal to 604800"),
    "too many retries": ({"retries": 11}, "less than or equal to 10"),
    "unknown policy": ({"deletionPolicy": "Orphan"}, 'supported values: "Retain", "Delete"'),
    "labels of ours": (
        {"jobTemplate": {"labels": {"infrazen.io/connection": "other"}}},
        "names of infrazen.io and app.kubernetes.io/managed-by are the operator's",
    ),
    "label that is none": ({"jobTemplate": {"labels": {"a b": "c"}}}, "a name is up to 63 letters"),
    "quantity in words": (
        {"jobTemplate": {"resources": {"limits": {"memory": "plenty"}}}},
        "spec.jobTemplate.resources.limits.memory",
    ),
    "pod of one's own": ({"jobTemplate": {"hostNetwork": True}}, "unknown field"),
    "a megabyte of text": ({"displayName": MEGABYTE}, "may not be more than 200"),
    "a megabyte of settings": (
        {"provider": "yandex", "settings": {"cloudIds": MEGABYTE}},
        "may not be more than 2000",
    ),
    "a megabyte as a key": (
        {"jobTemplate": {"annotations": {MEGABYTE: ""}}},
        "a name is up to 63 letters",
    ),
    "a megabyte of labels": (
        {"jobTemplate": {"labels": {f"label-{n}": "x" * 60 for n in range(15_000)}}},
        "must have at most 32 items",
    ),
}

LAXER = {"setting of another type"}
"""What the models read all the same, where a manifest comes from elsewhere: a yes is a true."""
