# What Docker's official image does at its start, as far as the chart needs it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
	printf %s "$POSTGRES_PASSWORD" >/tmp/password
	initdb --pgdata "$PGDATA" --encoding UTF8 --username "$POSTGRES_USER" --pwfile /tmp/password \
		--auth-local trust --auth-host scram-sha-256 >/dev/null
	rm /tmp/password
	echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
	pg_ctl --pgdata "$PGDATA" --wait --options "-c listen_addresses=''" start >/dev/null
	createdb --username "$POSTGRES_USER" "$POSTGRES_DB"
	pg_ctl --pgdata "$PGDATA" --wait stop >/dev/null
fi
exec postgres -c listen_addresses='*' "$@"
