"""What the Rust client is asked about: settings of a cache, and the server that they lead to.

`{port:NAME}` in settings stands for a server's port (servers.py says what a name means), `{dir}` for the folder of
certificates.py. A situation is (name, server, settings); `settings` are `cache_params` beside `type: redis`.
"""

HOST = "127.0.0.1"


def at(server, host=HOST, **more):
    return {"host": host, "port": f"{{port:{server}}}", **more}


def tls(server, host=HOST, ca="{dir}/ca.pem", **more):
    trust = {} if ca is None else {"ssl_ca_certs": ca}
    return at(server, host, ssl=True, **trust, **more)


def url(server, scheme="redis", user="", host=HOST, rest="", **more):
    return {"url": f"{scheme}://{user}{host}:{{port:{server}}}{rest}", **more}


def plain():
    yield "host", "plain", at("plain")
    yield "nobody", "nobody", at("nobody")
    yield "no-such-host", "nobody", at("nobody", host="no-such-host.invalid")
    yield "localhost", "plain", at("plain", host="localhost")
    yield "ipv6", "plain", at("plain", host="::1")
    yield "port-text", "plain", {"host": HOST, "port": "{port:plain}"}
    for db in (3, "3", 3.0, 15, 16, -1, "x", 1.5, True, None, ""):
        yield f"db-{db!r}", "plain", at("plain", db=db)
    yield "client-name", "plain", at("plain", client_name="a-name")
    yield "namespace", "plain", at("plain", namespace="ns")
    yield "protocol-3", "plain", at("plain", protocol=3)
    yield "protocol-2", "plain", at("plain", protocol=2)
    yield "decode-responses", "plain", at("plain", decode_responses=True)
    yield "max-connections", "plain", at("plain", max_connections=1)
    yield "health-check-interval", "plain", at("plain", health_check_interval=1)
    yield "socket-keepalive", "plain", at("plain", socket_keepalive=True)
    yield "retry-on-timeout", "plain", at("plain", retry_on_timeout=True)
    yield "plain-to-tls", "tls:good", at("tls:good")
    yield "tls-to-plain", "plain", tls("plain")
    yield "unix-socket", "socket", at("nobody", unix_socket_path="{socket}")
    yield "unix-socket-tls", "socket", tls("nobody", unix_socket_path="{socket}")


def login():
    for name, settings in {
        "none": {}, "password": {"password": "pw"}, "wrong-password": {"password": "no"}, "empty-password": {"password": ""},
        "number-password": {"password": 5}, "user-and-password": {"username": "default", "password": "pw"}, "user-without-password": {"username": "default"},
    }.items():
        yield f"password-server-{name}", "password", at("password", **settings)
    yield "password-not-asked", "plain", at("plain", password="pw")
    yield "user-and-password-not-asked", "plain", at("plain", username="default", password="pw")
    yield "user-not-asked", "plain", at("plain", username="someone")
    for user in ("all", "only", "few", "nobody"):
        yield f"acl-{user}", "acl", at("acl", username=user, password="pw")
        yield f"acl-{user}-namespace", "acl", at("acl", username=user, password="pw", namespace="ns")
    yield "acl-none-without-password", "acl", at("acl", username="none")
    yield "acl-none-any-password", "acl", at("acl", username="none", password="any")
    yield "acl-all-db", "acl", at("acl", username="all", password="pw", db=2)


def urls():
    yield "url", "plain", url("plain")
    yield "url-db", "plain", url("plain", rest="/3")
    yield "url-db-slash", "plain", url("plain", rest="/")
    yield "url-db-query", "plain", url("plain", rest="/2?db=3")
    yield "url-db-beside", "plain", url("plain", db=3)
    yield "url-db-16", "plain", url("plain", rest="/16")
    yield "url-db-text", "plain", url("plain", rest="/x")
    yield "url-user-password", "acl", url("acl", user="all:pw@")
    yield "url-password", "password", url("password", user=":pw@")
    yield "url-password-quoted", "password", url("password", user=":p%77@")
    yield "url-only-user", "password", url("password", user="pw@")
    yield "url-password-query", "password", url("password", rest="?password=pw")
    yield "url-user-query", "acl", url("acl", rest="?username=all&password=pw")
    yield "url-password-beside", "password", url("password", password="pw")
    yield "url-username-beside", "acl", url("acl", user=":pw@", username="all")
    yield "url-upper-scheme", "plain", url("plain", scheme="REDIS")
    yield "url-http", "plain", url("plain", scheme="http")
    yield "url-without-port", "nobody", {"url": f"redis://{HOST}"}
    yield "url-without-host", "nobody", {"url": "redis://"}
    yield "url-without-scheme", "nobody", {"url": f"{HOST}:6379"}
    yield "url-valkey", "plain", url("plain", scheme="valkey")
    yield "url-fragment", "plain", url("plain", rest="/3#insecure")
    yield "url-protocol", "plain", url("plain", rest="?protocol=3")
    yield "url-client-name", "plain", url("plain", rest="?client_name=a")
    yield "url-client-name-beside", "plain", url("plain", client_name="a")
    yield "url-timeout", "plain", url("plain", rest="?socket_timeout=2.5")
    yield "url-timeout-text", "plain", url("plain", rest="?socket_timeout=x")
    yield "url-unknown-option", "plain", url("plain", rest="?foo=1")
    yield "url-max-connections", "plain", url("plain", rest="?max_connections=5")
    yield "url-ssl-beside", "tls:good", url("tls:good", ssl=True, ssl_ca_certs="{dir}/ca.pem")
    yield "url-unix", "socket", {"url": "unix://{socket}"}
    yield "url-unix-db", "socket", {"url": "unix://{socket}?db=2"}
    yield "url-redis-unix", "socket", {"url": "redis+unix://{socket}"}
    yield "rediss", "tls:good", url("tls:good", scheme="rediss", rest="?ssl_ca_certs={dir}/ca.pem")
    yield "rediss-no-ca", "tls:good", url("tls:good", scheme="rediss")
    yield "rediss-ca-beside", "tls:good", url("tls:good", scheme="rediss", ssl_ca_certs="{dir}/ca.pem")
    yield "rediss-insecure", "tls:good", url("tls:good", scheme="rediss", rest="/#insecure")
    yield "rediss-none", "tls:good", url("tls:good", scheme="rediss", rest="?ssl_cert_reqs=none")
    yield "rediss-none-beside", "tls:good", url("tls:good", scheme="rediss", ssl_cert_reqs="none")
    yield "rediss-cert-none", "tls:good", url("tls:good", scheme="rediss", rest="?ssl_cert_reqs=CERT_NONE")
    yield "rediss-other-host", "tls:other-host", url("tls:other-host", scheme="rediss", rest="?ssl_ca_certs={dir}/ca.pem")
    yield "rediss-other-host-checked", "tls:other-host", url("tls:other-host", scheme="rediss", rest="?ssl_ca_certs={dir}/ca.pem&ssl_check_hostname=true")
    yield "rediss-other-host-checked-beside", "tls:other-host", url("tls:other-host", scheme="rediss", rest="?ssl_ca_certs={dir}/ca.pem", ssl_check_hostname=True)
    yield "rediss-other-host-checked-False", "tls:other-host", url("tls:other-host", scheme="rediss", rest="?ssl_ca_certs={dir}/ca.pem&ssl_check_hostname=False")
    yield "rediss-client", "tls:good:clients", url("tls:good:clients", scheme="rediss", rest="?ssl_ca_certs={dir}/ca.pem&ssl_certfile={dir}/client.pem&ssl_keyfile={dir}/client.key")
    yield "rediss-ca-missing", "tls:good", url("tls:good", scheme="rediss", rest="?ssl_ca_certs={dir}/missing.pem")
    yield "redis-with-ca-query", "tls:good", url("tls:good", rest="?ssl_ca_certs={dir}/ca.pem")


def server_certificates():
    for certificate, ca in {
        "good": "ca", "other-host": "ca", "only-ip": "ca", "only-dns": "ca", "wildcard": "ca", "common-name": "ca", "version1": "ca", "expired": "ca",
        "not-yet": "ca", "for-clients": "ca", "for-mail": "ca", "no-usage": "ca", "key-usage": "ca", "sha1": "ca", "rsa4096": "ca", "p256": "ca", "p384": "ca",
        "p521": "ca", "secp256k1": "ca", "ed25519": "ca", "ed448": "ca", "of-other-ca": "ca", "of-intermediate": "ca", "chain": "ca", "chain-with-root": "ca",
        "of-constrained": "constrained", "of-ca-without-usage": "ca-without-usage", "of-not-an-authority": "not-an-authority", "of-ca-v1": "ca-v1",
        "unknown-critical": "ca", "is-authority": "ca", "self-signed": "self-signed", "self-signed-authority": "self-signed-authority",
    }.items():
        server = f"tls:{certificate}"
        yield f"certificate-{certificate}", server, tls(server, ca=f"{{dir}}/{ca}.pem")
        yield f"certificate-{certificate}-checked", server, tls(server, ca=f"{{dir}}/{ca}.pem", ssl_check_hostname=True)
        yield f"certificate-{certificate}-by-name-checked", server, tls(server, "localhost", ca=f"{{dir}}/{ca}.pem", ssl_check_hostname=True)
    for certificate in ("expired", "of-other-ca", "version1", "other-host", "self-signed", "unknown-critical", "for-clients"):
        server = f"tls:{certificate}"
        yield f"certificate-{certificate}-unverified", server, tls(server, ca=None, ssl_cert_reqs="none")
        yield f"certificate-{certificate}-unverified-checked", server, tls(server, ca=None, ssl_cert_reqs="none", ssl_check_hostname=True)
        yield f"certificate-{certificate}-optional", server, tls(server, ssl_cert_reqs="optional")


def verification():
    for value in ("none", "None", "NONE", "CERT_NONE", "optional", "required", "Required", "CERT_REQUIRED", "", None, 0, 1, 2, 3, True, False):
        yield f"cert-reqs-{value!r}", "tls:of-other-ca", tls("tls:of-other-ca", ssl_cert_reqs=value)
    for value in (True, False, "true", "false", "True", "1", "0", "yes", "no", "x", "", 1, 0, None, 2.5):
        yield f"check-hostname-{value!r}", "tls:other-host", tls("tls:other-host", ssl_check_hostname=value)
    for value in (True, False, "true", "false", "True", "1", "0", "yes", "no", "x", "", 1, 0, None, 2.5):
        yield f"ssl-{value!r}", "tls:good", {**tls("tls:good"), "ssl": value}


def authorities():
    server = "tls:good"
    yield "no-ca", server, tls(server, ca=None)
    for file in ("missing.pem", "empty.pem", "junk.pem", "bad.pem", "other-ca.pem", "both-ca.pem", "ca-and-bad.pem", "ca-with-text.pem", "ca.der", "ca-trusted.pem", "good.pem", "hashed"):
        yield f"ca-{file}", server, tls(server, ca="{dir}/" + file)
    yield "ca-empty-name", server, tls(server, ca="")
    for folder in ("hashed", "unhashed", "with-junk", "with-bad", "empty-folder", "missing-folder", "ca.pem"):
        yield f"ca-path-{folder}", server, tls(server, ca=None, ssl_ca_path="{dir}/" + folder)
    yield "ca-file-and-path", server, tls(server, ca="{dir}/other-ca.pem", ssl_ca_path="{dir}/hashed")
    yield "ca-data", server, tls(server, ca=None, ssl_ca_data="{text:ca.pem}")
    yield "ca-data-other", server, tls(server, ca=None, ssl_ca_data="{text:other-ca.pem}")
    yield "ca-data-junk", server, tls(server, ca=None, ssl_ca_data="junk")
    yield "ca-data-and-file", server, tls(server, ca="{dir}/ca.pem", ssl_ca_data="{text:other-ca.pem}")
    yield "ca-leaf-itself", server, tls(server, ca="{dir}/good.pem")
    yield "ca-intermediate-only", "tls:chain", tls("tls:chain", ca="{dir}/intermediate.pem")
    yield "ca-without-ssl", server, at(server, ssl_ca_certs="{dir}/ca.pem")
    yield "ca-with-ssl-false", "plain", at("plain", ssl=False, ssl_ca_certs="{dir}/ca.pem")
    yield "ca-missing-with-ssl-false", "plain", at("plain", ssl=False, ssl_ca_certs="{dir}/missing.pem")


def protocols():
    for server in ("tls:good:protocols=TLSv1.2", "tls:good:protocols=TLSv1.3"):
        yield f"version-{server[-7:]}", server, tls(server)
    for name, options in {
        "cbc": "ciphers=AES128-SHA", "rsa-gcm": "ciphers=AES128-GCM-SHA256", "ecdhe-cbc": "ciphers=ECDHE-RSA-AES256-SHA384", "ecdhe-gcm": "ciphers=ECDHE-RSA-AES128-GCM-SHA256",
        "chacha": "ciphers=ECDHE-RSA-CHACHA20-POLY1305", "dhe": "ciphers=DHE-RSA-AES256-GCM-SHA384",
    }.items():
        server = f"tls:good:protocols=TLSv1.2:{options}"
        yield f"cipher-{name}", server, tls(server)
    server = "tls:good:protocols=TLSv1.3:ciphersuites=TLS_AES_128_CCM_SHA256".replace("_", "-")
    yield "ssl-ciphers", "tls:good", tls("tls:good", ssl_ciphers="ECDHE-RSA-AES128-GCM-SHA256")
    yield "ssl-min-version", "tls:good:protocols=TLSv1.2", tls("tls:good:protocols=TLSv1.2", ssl_min_version=772)
    for value in (True, False, "true", "x", 1, 0, None):
        yield f"ocsp-{value!r}", "tls:good", tls("tls:good", ssl_validate_ocsp=value)
    yield "ocsp-stapled", "tls:good", tls("tls:good", ssl_validate_ocsp_stapled=True)
    yield "ocsp-without-ssl", "plain", at("plain", ssl_validate_ocsp=True)


def client_certificates():
    server = "tls:good:clients"

    def client(certificate, key, **more):
        return tls(server, ssl_certfile="{dir}/" + certificate, ssl_keyfile="{dir}/" + key, **more)

    yield "client-none", server, tls(server)
    for name, certificate, key in (
        ("good", "client.pem", "client.key"), ("v1", "client-v1.pem", "client-v1.key"), ("expired", "client-expired.pem", "client-expired.key"),
        ("for-servers", "client-for-servers.pem", "client-for-servers.key"), ("of-other-ca", "client-of-other-ca.pem", "client-of-other-ca.key"),
        ("ec", "client-ec.pem", "client-ec.key"), ("ec-sec1", "client-ec.pem", "client-ec-sec1.key"), ("ed25519", "client-ed25519.pem", "client-ed25519.key"),
        ("chain", "client-chain.pem", "client-of-intermediate.key"), ("without-chain", "client-of-intermediate.pem", "client-of-intermediate.key"),
        ("pkcs1", "client.pem", "client-pkcs1.key"), ("wrong-key", "client.pem", "client-expired.key"), ("key-der", "client.pem", "client-der.key"),
        ("certificate-der", "client-der.pem", "client.key"), ("key-missing", "client.pem", "missing.key"), ("certificate-missing", "missing.pem", "client.key"),
        ("key-junk", "client.pem", "junk.pem"), ("certificate-junk", "junk.pem", "client.key"), ("certificate-bad", "bad.pem", "client.key"), ("swapped", "client.key", "client.pem"),
        ("both-in-one", "client-both.pem", "client-both.pem"), ("key-first", "client-key-first.pem", "client-key-first.pem"),
    ):
        yield f"client-{name}", server, client(certificate, key)
    for kind in ("pkcs8-aes", "pkcs8-aes128-sha1", "pkcs8-des3", "pkcs8-scrypt", "pkcs8-pbes1", "legacy", "legacy-des"):
        yield f"client-{kind}", server, client("client.pem", f"client-{kind}.key", ssl_password="secret")
        yield f"client-{kind}-wrong-password", server, client("client.pem", f"client-{kind}.key", ssl_password="wrong")
        yield f"client-{kind}-no-password", server, client("client.pem", f"client-{kind}.key")
    yield "client-ec-legacy", server, client("client-ec.pem", "client-ec-legacy.key", ssl_password="secret")
    yield "client-password-not-needed", server, client("client.pem", "client.key", ssl_password="secret")
    yield "client-certificate-alone", server, tls(server, ssl_certfile="{dir}/client.pem")
    yield "client-both-in-one-alone", server, tls(server, ssl_certfile="{dir}/client-both.pem")
    yield "client-key-alone", server, tls(server, ssl_keyfile="{dir}/client.key")
    yield "client-empty-names", server, tls(server, ssl_certfile="", ssl_keyfile="")
    yield "client-unverified", server, tls(server, ca=None, ssl_cert_reqs="none", ssl_certfile="{dir}/client.pem", ssl_keyfile="{dir}/client.key")
    yield "client-not-asked", "tls:good", tls("tls:good", ssl_certfile="{dir}/client.pem", ssl_keyfile="{dir}/client.key")
    yield "client-without-ssl", "plain", at("plain", ssl_certfile="{dir}/missing.pem", ssl_keyfile="{dir}/missing.key")


def clusters():
    def nodes(server, **more):
        return {"startup_nodes": [{"host": HOST, "port": f"{{port:{server}}}"}], **more}

    yield "cluster", "cluster", nodes("cluster")
    yield "cluster-redis-startup-nodes", "cluster", {"redis_startup_nodes": nodes("cluster")["startup_nodes"]}
    yield "cluster-port-text", "cluster", {"startup_nodes": [{"host": HOST, "port": "{port:cluster}"}]}
    yield "cluster-on-plain", "plain", nodes("plain")
    yield "cluster-db", "cluster", nodes("cluster", db=1)
    yield "cluster-db-0", "cluster", nodes("cluster", db=0)
    yield "cluster-with-url", "cluster", nodes("cluster", url="redis://10.255.255.1:1")
    yield "cluster-with-host", "cluster", nodes("cluster", host="10.255.255.1", port=1)
    yield "cluster-namespace", "cluster", nodes("cluster", namespace="ns")
    yield "cluster-client-name", "cluster", nodes("cluster", client_name="a")
    yield "cluster-full-coverage", "cluster", nodes("cluster", require_full_coverage=True, read_from_replicas=True)
    yield "cluster-password", "cluster:password", nodes("cluster:password", password="pw")
    yield "cluster-no-password", "cluster:password", nodes("cluster:password")
    yield "cluster-tls", "tls:good:cluster", nodes("tls:good:cluster", ssl=True, ssl_ca_certs="{dir}/ca.pem")
    yield "cluster-tls-other-host", "tls:other-host:cluster", nodes("tls:other-host:cluster", ssl=True, ssl_ca_certs="{dir}/ca.pem")
    yield "cluster-tls-other-host-checked", "tls:other-host:cluster", nodes("tls:other-host:cluster", ssl=True, ssl_ca_certs="{dir}/ca.pem", ssl_check_hostname=True)
    yield "cluster-tls-other-host-unchecked", "tls:other-host:cluster", nodes("tls:other-host:cluster", ssl=True, ssl_ca_certs="{dir}/ca.pem", ssl_check_hostname=False)
    yield "cluster-tls-no-ca", "tls:good:cluster", nodes("tls:good:cluster", ssl=True)
    yield "cluster-tls-none", "tls:good:cluster", nodes("tls:good:cluster", ssl=True, ssl_cert_reqs="none")
    yield "cluster-first-node-dead", "cluster", {"startup_nodes": [{"host": HOST, "port": "{port:nobody}"}, {"host": HOST, "port": "{port:cluster}"}]}
    yield "host-on-cluster", "cluster", at("cluster")


def sentinels():
    def sentinel(server, service="mymaster", **more):
        return {"sentinel_nodes": [[HOST, f"{{port:{server}}}"]], "service_name": service, **more}

    yield "sentinel", "sentinel:plain", sentinel("sentinel:plain")
    yield "sentinel-other-service", "sentinel:plain", sentinel("sentinel:plain", "other")
    yield "sentinel-no-service", "sentinel:plain", sentinel("sentinel:plain", None)
    yield "sentinel-db", "sentinel:plain", sentinel("sentinel:plain", db=3)
    yield "sentinel-namespace", "sentinel:plain", sentinel("sentinel:plain", namespace="ns", client_name="a")
    yield "sentinel-password", "sentinel:password", sentinel("sentinel:password", password="pw")
    yield "sentinel-no-password", "sentinel:password", sentinel("sentinel:password")
    yield "sentinel-sentinel-password", "sentinel:plain:auth", sentinel("sentinel:plain:auth", sentinel_password="sp")
    yield "sentinel-wrong-sentinel-password", "sentinel:plain:auth", sentinel("sentinel:plain:auth", sentinel_password="no")
    yield "sentinel-no-sentinel-password", "sentinel:plain:auth", sentinel("sentinel:plain:auth")
    yield "sentinel-both-passwords", "sentinel:password:auth", sentinel("sentinel:password:auth", password="pw", sentinel_password="sp")
    yield "sentinel-first-dead", "sentinel:plain", {"sentinel_nodes": [[HOST, "{port:nobody}"], [HOST, "{port:sentinel:plain}"]], "service_name": "mymaster"}
    yield "sentinel-all-dead", "nobody", sentinel("nobody")
    yield "sentinel-on-plain", "plain", sentinel("plain")
    yield "sentinel-with-url", "sentinel:plain", sentinel("sentinel:plain", url="redis://10.255.255.1:1")
    yield "sentinel-ssl", "sentinel:plain", sentinel("sentinel:plain", ssl=True, ssl_ca_certs="{dir}/ca.pem")
    for server in ("sentinel-over-tls:good", "sentinel-over-tls:other-host"):
        name = server.replace(":", "-")
        yield name, server, sentinel(server, ssl=True, ssl_ca_certs="{dir}/ca.pem")
        yield f"{name}-checked", server, sentinel(server, ssl=True, ssl_ca_certs="{dir}/ca.pem", ssl_check_hostname=True)
        yield f"{name}-no-ca", server, sentinel(server, ssl=True)
        yield f"{name}-plain", server, sentinel(server)
    # Whose name is checked: the sentinel's certificate comes first, then the master's.
    for server in ("sentinel-over-tls:other-host:good", "sentinel-over-tls:good:other-host"):
        name = server.replace(":", "-")
        yield name, server, sentinel(server, ssl=True, ssl_ca_certs="{dir}/ca.pem")
        yield f"{name}-unchecked", server, sentinel(server, ssl=True, ssl_ca_certs="{dir}/ca.pem", ssl_check_hostname=False)
        yield f"{name}-unverified", server, sentinel(server, ssl=True, ssl_cert_reqs="none")


def waiting():
    yield "silent-url", "silent", url("silent")
    yield "silent-timeout", "silent", at("silent", socket_timeout=1)


def all_of_them():
    for family in (plain, login, urls, server_certificates, verification, authorities, protocols, client_certificates, clusters, sentinels, waiting):
        yield from family()
