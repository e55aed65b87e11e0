"""The certificates and keys that the servers and clients of the situations use, made with the openssl command."""

import pathlib
import subprocess

SUBJECT_ALTERNATIVE = "subjectAltName=DNS:localhost,IP:127.0.0.1"
SERVER = f"{SUBJECT_ALTERNATIVE}\nextendedKeyUsage=serverAuth"


def openssl(*arguments, text=None):
    subprocess.run(["openssl", *map(str, arguments)], input=text, text=True, check=True, capture_output=True)


class Folder:
    """A folder of certificates; each method makes one and its key."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def at(self, name):
        return self.path / name

    def key(self, name, kind="rsa:2048"):
        algorithm, _, size = kind.partition(":")
        options = {
            "rsa": ["-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{size}"],
            "ec": ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{size}"],
            "ed25519": ["-algorithm", "ED25519"],
            "ed448": ["-algorithm", "ED448"],
        }[algorithm]
        openssl("genpkey", *options, "-out", self.at(f"{name}.key"))

    def authority(self, name, subject="/CN=an authority", issuer=None, extensions="basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign"):
        self.key(name)
        self.signed(name, issuer or name, subject, extensions)

    def signed(self, name, issuer, subject, extensions="", dates=("20200101000000Z", "20991231000000Z"), digest="sha256", version1=False):
        """A certificate for the key of this name, signed by the issuer's key."""
        request = self.at(f"{name}.csr")
        openssl("req", "-new", "-key", self.at(f"{name}.key"), "-subj", subject, "-out", request)
        database, serial, config = self.at("index.txt"), self.at("serial"), self.at("ca.cnf")
        database.write_text("")
        self.serial = getattr(self, "serial", 0x1000) + 1
        serial.write_text(f"{self.serial:04x}")
        config.write_text(
            f"[ca]\ndefault_ca=own\n[own]\ndatabase={database}\nserial={serial}\nnew_certs_dir={self.path}\npolicy=any\n"
            f"default_md={digest}\n[any]\ncommonName=optional\n[v3]\n{extensions}\n"
        )
        itself = name == issuer
        openssl(
            "ca", "-batch", "-notext", "-config", config, "-in", request, "-out", self.at(f"{name}.pem"),
            "-keyfile", self.at(f"{issuer}.key"), *(["-selfsign"] if itself else ["-cert", self.at(f"{issuer}.pem")]),
            "-startdate", dates[0], "-enddate", dates[1], *(["-extensions", "v3"] if extensions else []),
        )
        if version1:
            openssl("x509", "-req", "-in", request, "-CA", self.at(f"{issuer}.pem"), "-CAkey", self.at(f"{issuer}.key"),
                    "-set_serial", self.serial, "-days", "20000", "-out", self.at(f"{name}.pem"))

    def leaf(self, name, issuer="ca", subject="/CN=localhost", extensions=SERVER, kind="rsa:2048", **more):
        self.key(name, kind)
        self.signed(name, issuer, subject, extensions, **more)

    def joined(self, name, *parts):
        self.at(name).write_text("".join(self.at(part).read_text() for part in parts))


def make(path):
    """All of them."""
    folder = Folder(path)
    folder.authority("ca")
    folder.authority("other-ca", "/CN=another authority")
    folder.authority("intermediate", "/CN=an intermediate", issuer="ca", extensions="basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign")
    folder.authority("constrained", "/CN=a constrained authority", extensions="basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:example.org")
    folder.authority("ca-without-usage", "/CN=an authority without usages", extensions="basicConstraints=CA:TRUE")
    folder.authority("not-an-authority", "/CN=no authority", extensions="basicConstraints=critical,CA:FALSE")
    folder.key("ca-v1")
    openssl("req", "-new", "-key", folder.at("ca-v1.key"), "-subj", "/CN=a version 1 authority", "-out", folder.at("ca-v1.csr"))
    openssl("x509", "-req", "-in", folder.at("ca-v1.csr"), "-signkey", folder.at("ca-v1.key"), "-days", "20000", "-out", folder.at("ca-v1.pem"))
    folder.leaf("good")
    folder.leaf("other-host", extensions="subjectAltName=DNS:redis.example\nextendedKeyUsage=serverAuth", subject="/CN=redis.example")
    folder.leaf("only-ip", extensions="subjectAltName=IP:127.0.0.1")
    folder.leaf("only-dns", extensions="subjectAltName=DNS:localhost")
    folder.leaf("wildcard", extensions="subjectAltName=DNS:*.localhost,DNS:*", subject="/CN=*")
    folder.leaf("common-name", extensions="basicConstraints=CA:FALSE")
    folder.leaf("version1", extensions="", version1=True)
    folder.leaf("expired", dates=("20200101000000Z", "20210101000000Z"))
    folder.leaf("not-yet", dates=("20980101000000Z", "20991231000000Z"))
    folder.leaf("for-clients", extensions=f"{SUBJECT_ALTERNATIVE}\nextendedKeyUsage=clientAuth")
    folder.leaf("for-mail", extensions=f"{SUBJECT_ALTERNATIVE}\nextendedKeyUsage=emailProtection")
    folder.leaf("no-usage", extensions=SUBJECT_ALTERNATIVE)
    folder.leaf("key-usage", extensions=f"{SERVER}\nkeyUsage=critical,keyEncipherment")
    folder.leaf("sha1", digest="sha1")
    folder.leaf("rsa1024", kind="rsa:1024")
    folder.leaf("rsa4096", kind="rsa:4096")
    folder.leaf("p256", kind="ec:P-256")
    folder.leaf("p384", kind="ec:P-384")
    folder.leaf("p521", kind="ec:P-521")
    folder.leaf("secp256k1", kind="ec:secp256k1")
    folder.leaf("ed25519", kind="ed25519")
    folder.leaf("ed448", kind="ed448")
    folder.leaf("of-other-ca", issuer="other-ca")
    folder.leaf("of-intermediate", issuer="intermediate")
    folder.leaf("of-constrained", issuer="constrained")
    folder.leaf("of-ca-without-usage", issuer="ca-without-usage")
    folder.leaf("of-not-an-authority", issuer="not-an-authority")
    folder.leaf("of-ca-v1", issuer="ca-v1")
    folder.leaf("unknown-critical", extensions=f"{SERVER}\n1.2.3.4.5=critical,DER:0500")
    folder.leaf("is-authority", extensions=f"{SERVER}\nbasicConstraints=critical,CA:TRUE")
    folder.key("self-signed")
    folder.signed("self-signed", "self-signed", "/CN=localhost", SERVER)
    folder.key("self-signed-authority")
    folder.signed("self-signed-authority", "self-signed-authority", "/CN=localhost", f"{SERVER}\nbasicConstraints=CA:TRUE")
    folder.joined("chain.pem", "of-intermediate.pem", "intermediate.pem")
    folder.joined("chain.key", "of-intermediate.key")
    folder.joined("chain-with-root.pem", "of-intermediate.pem", "intermediate.pem", "ca.pem")
    folder.joined("chain-with-root.key", "of-intermediate.key")
    clients(folder)
    trust(folder)
    return folder


def clients(folder):
    client = "extendedKeyUsage=clientAuth"
    folder.leaf("client", subject="/CN=a client", extensions=client)
    folder.leaf("client-v1", subject="/CN=a client", extensions="", version1=True)
    folder.leaf("client-expired", subject="/CN=a client", extensions=client, dates=("20200101000000Z", "20210101000000Z"))
    folder.leaf("client-for-servers", subject="/CN=a client", extensions="extendedKeyUsage=serverAuth")
    folder.leaf("client-of-other-ca", issuer="other-ca", subject="/CN=a client", extensions=client)
    folder.leaf("client-ec", subject="/CN=a client", extensions=client, kind="ec:P-256")
    folder.leaf("client-ed25519", subject="/CN=a client", extensions=client, kind="ed25519")
    folder.leaf("client-of-intermediate", issuer="intermediate", subject="/CN=a client", extensions=client)
    folder.joined("client-chain.pem", "client-of-intermediate.pem", "intermediate.pem")
    key = folder.at("client.key")
    openssl("rsa", "-in", key, "-traditional", "-out", folder.at("client-pkcs1.key"))
    openssl("rsa", "-in", key, "-traditional", "-aes128", "-passout", "pass:secret", "-out", folder.at("client-legacy.key"))
    openssl("rsa", "-in", key, "-traditional", "-des3", "-passout", "pass:secret", "-out", folder.at("client-legacy-des.key"))
    for name, options in (
        ("pkcs8-aes", ["-v2", "aes-256-cbc"]), ("pkcs8-aes128-sha1", ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"]), ("pkcs8-des3", ["-v2", "des3"]),
        ("pkcs8-scrypt", ["-scrypt"]), ("pkcs8-pbes1", ["-v1", "PBE-SHA1-3DES"]),
    ):
        openssl("pkcs8", "-topk8", "-in", key, *options, "-passout", "pass:secret", "-out", folder.at(f"client-{name}.key"))
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", key, "-outform", "DER", "-out", folder.at("client-der.key"))
    openssl("x509", "-in", folder.at("client.pem"), "-outform", "DER", "-out", folder.at("client-der.pem"))
    openssl("ec", "-in", folder.at("client-ec.key"), "-out", folder.at("client-ec-sec1.key"))
    openssl("ec", "-in", folder.at("client-ec.key"), "-aes128", "-passout", "pass:secret", "-out", folder.at("client-ec-legacy.key"))
    folder.joined("client-both.pem", "client.pem", "client.key")
    folder.joined("client-key-first.pem", "client.key", "client.pem")
    folder.at("empty.pem").write_text("")
    folder.at("junk.pem").write_text("this is no certificate\n")
    folder.at("bad.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


def trust(folder):
    folder.joined("both-ca.pem", "other-ca.pem", "ca.pem")
    folder.joined("ca-and-bad.pem", "bad.pem", "ca.pem")
    folder.at("ca-with-text.pem").write_text("an authority\n" + folder.at("ca.pem").read_text() + "more\n")
    openssl("x509", "-in", folder.at("ca.pem"), "-outform", "DER", "-out", folder.at("ca.der"))
    openssl("x509", "-in", folder.at("ca.pem"), "-trustout", "-out", folder.at("ca-trusted.pem"))
    for name, files in (("hashed", ["ca.pem"]), ("unhashed", []), ("with-junk", ["ca.pem"]), ("empty-folder", []), ("with-bad", ["ca.pem"])):
        directory = folder.at(name)
        directory.mkdir()
        for file in files:
            (directory / file).write_text(folder.at(file).read_text())
            openssl("rehash", directory)
    (folder.at("unhashed") / "ca.pem").write_text(folder.at("ca.pem").read_text())
    (folder.at("with-junk") / "readme.txt").write_text("this is no certificate\n")
    (folder.at("with-bad") / "bad.pem").write_text(folder.at("bad.pem").read_text())
