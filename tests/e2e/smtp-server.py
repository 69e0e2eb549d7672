"""A mail server of aiosmtpd (Debian package python3-aiosmtpd): asks for STARTTLS and AUTH, prints each message as JSON."""

import asyncio
import json
import ssl
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "full@hospital.example":
            return "452 4.2.2 Mailbox full"
        if address == "nobody@hospital.example":
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = message_from_bytes(envelope.content, policy=policy.default)
        if "refuse me" in message["subject"]:
            return "554 5.6.0 Refused: " + message["subject"]
        text = message.get_content()
        seen = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": message["subject"], "text": text,
                "id": message["message-id"], "auto": message["auto-submitted"], "tls": session.ssl is not None}
        print(json.dumps(seen), flush=True)
        return "250 2.0.0 Taken"


def authenticate(server, session, envelope, mechanism, data):
    # Not handled: the server itself answers 535.
    return AuthResult(success=data.login == b"agent" and data.password == b"right", handled=False)


async def main(port, cert, key):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    make = lambda: SMTP(Handler(), hostname="mail.example", tls_context=context, require_starttls=True,
                        authenticator=authenticate, auth_required=True, data_size_limit=200_000)
    await asyncio.get_running_loop().create_server(make, "127.0.0.1", port)
    print("ready", flush=True)
    await asyncio.Event().wait()


asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
