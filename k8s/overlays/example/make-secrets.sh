#!/bin/sh
# Makes the secrets of this overlay, once:
#   sh make-secrets.sh postgresql://user:password@host:5432/database smtps://user:password@host:465
# The files are ignored by git; keep them where you keep secrets.
set -eu
umask 077
cd "$(dirname "$0")"
database_url=${1:?the URL of your PostgreSQL, e.g. postgresql://trivet:password@10.0.0.5:5432/trivet}
smtp_url=${2:?the URL of your mail server, e.g. smtps://trivet:password@mail.example.org:465}
for file in platform.secret.env redis-passwords.secret.env; do
  [ ! -e "$file" ] || { echo "$file is there already; remove it if you really want new secrets" >&2 && exit 1; }
done
random() { openssl rand -hex 32; }
cat >platform.secret.env <<END
DATABASE_URL=$database_url
SMTP_URL=$smtp_url
COOKIE_SECRETS=$(random)
SESSION_KEY_SECRET=$(random)
SESSION_SEAL_KEYS=$(random)
END
cat >redis-passwords.secret.env <<END
session=$(random)
cache=$(random)
queue=$(random)
END
echo 'wrote platform.secret.env and redis-passwords.secret.env'
