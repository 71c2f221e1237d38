"""Certificates for tests: an authority, and what it signs."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


class Authority:
    """Signs certificates; ca.pem in its folder is its own."""

    def __init__(self, folder, name="authority"):
        self.folder, self.name, self.key = folder, name, ec.generate_private_key(ec.SECP256R1())
        self.file = folder / f"{name}.pem"
        self._write(self.file, name, self.key.public_key(), True)

    def _write(self, path, name, public, authority):
        now = datetime.datetime.utcnow()
        made = (x509.CertificateBuilder().subject_name(_name(name)).issuer_name(_name(self.name)).public_key(public)
                .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(minutes=5))
                .not_valid_after(now + datetime.timedelta(hours=1))
                .add_extension(x509.BasicConstraints(authority, None), True)
                .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
                .sign(self.key, hashes.SHA256()))
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def issue(self, name):
        """(certificate file, key file)"""
        certificate, key_file = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        key = ec.generate_private_key(ec.SECP256R1())
        self._write(certificate, name, key.public_key(), False)
        key_file.write_bytes(_pem(key))
        return certificate, key_file
