"""Leo at work: the roles, started and ended in order. Entry points call this."""

import asyncio
import hmac
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any

import httpx
import structlog
import uvicorn

from bot import wiring
from bot.charts import draw, draw_pdf, draw_svg
from bot.chat import telegram, terminal, updates
from bot.chat.lanes import Lanes
from bot.chat.messenger import Messenger
from bot.chat.pace import Pace
from bot.console.app import Check, Webhook, build_app
from bot.console.single_sign_on import BACK
from bot.console.site import Provider, Site
from bot.dialogue import model
from bot.dialogue.client import DialogueClient
from bot.errors import SettingsError
from bot.mail.postman import Postman
from bot.mail.writing import Write, Written
from bot.nudges.clock import Clock
from bot.settings import ROOT, Settings
from bot.store.figures import console_units
from bot.store.lease import lease_of
from bot.supervisor import Child, Supervisor
from bot.texts.console import ConsoleTexts
from bot.texts.mail import MailTexts
from bot.usecases.cohorts import invitations
from bot.usecases.messages import Incoming
from bot.usecases.post import Envelope
from bot.usecases.receive import receive
from bot.wiring import House

log = structlog.get_logger()

START_TIMEOUT_S = 120.0
CHECK_S = 0.5

type Tell = Callable[[str], None]


def now() -> datetime:
    """Return the present instant, aware."""
    return datetime.now(UTC)


# --- children ---------------------------------------------------------------------------


def dialogue_child(house: House, client: DialogueClient, tell: Tell) -> Child:
    """Return the Rasa server as a child, trained first where that is due."""
    settings = house.settings
    trained = model.ensure_model(ROOT, tell, settings.sentence_model)
    return Child(
        name="dialogue",
        command=(
            str(model.python(ROOT)),
            "serve.py",
            "run",
            str(trained),
            str(settings.dialogue_port),
        ),
        cwd=ROOT / "rasa_server",
        env={
            "LEO_LOOPBACK_TOKEN": house.loopback_token,
            "LEO_ACTIONS_PORT": str(settings.actions_port),
            "RASA_TELEMETRY_ENABLED": "false",
        },
        port=settings.dialogue_port,
        ready=client.ready,
    )


def actions_child(house: House) -> Child:
    """Return the action server as a child."""
    return Child(
        name="actions",
        command=(sys.executable, "-m", "actions"),
        cwd=Path.cwd(),
        env={"LEO_LOOPBACK_TOKEN": house.loopback_token, "PYTHONPATH": str(ROOT)},
        port=house.settings.actions_port,
        ready=lambda: answers(f"http://127.0.0.1:{house.settings.actions_port}/health"),
    )


async def answers(url: str) -> bool:
    """Tell whether an address answers with success."""
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as http:
            return (await http.get(url)).is_success
    except httpx.HTTPError:
        return False


@asynccontextmanager
async def dialogue_running(
    house: House, tell: Tell, *, shared: bool
) -> AsyncIterator[tuple[DialogueClient, Supervisor]]:
    """Give a client of the Rasa server: one started for us or, if `shared`, one that runs already.

    Who must answer for days takes one of its own: somebody else's may end, and nobody restarts it.
    """
    client = DialogueClient(house.settings.dialogue_port, house.loopback_token)
    supervisor = Supervisor([], house.settings.logs_dir)
    if not (shared and await client.ready()):
        children = [actions_child(house), dialogue_child(house, client, tell)]
        supervisor = Supervisor(children, house.settings.logs_dir)
        tell("Starting (about ten seconds) …")
    try:
        await supervisor.start(START_TIMEOUT_S)
        yield client, supervisor
    finally:
        await supervisor.stop()
        await client.close()


# --- roles ------------------------------------------------------------------------------


def stoppable[**P](
    role: Callable[P, Coroutine[Any, Any, None]],
) -> Callable[P, Coroutine[Any, Any, None]]:
    """Have SIGINT and SIGTERM end a role in order, from its first moment on."""

    @wraps(role)
    async def run(*args: P.args, **kwargs: P.kwargs) -> None:
        task = asyncio.create_task(role(*args, **kwargs))
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    return run


@stoppable
async def run_all(settings: Settings, tell: Tell) -> None:
    """Run every role on this machine, until SIGINT or SIGTERM."""
    house = wiring.house(settings)
    if settings.telegram_token is None:
        tell("No LEO_TELEGRAM_TOKEN is set, so let us talk here. End with Ctrl-D.")
        tell(f"HR's console is at {settings.console_root}")
        name = os.environ.get("USER", "")
        return await run_terminal(settings, tell, name=name, console=True)
    bot = await _introduced(house)
    async with dialogue_running(house, tell, shared=False) as (client, supervisor):
        await _run_bot(house, bot, client, supervisor, tell, by_the_clock=True)


@stoppable
async def run_bot(settings: Settings, tell: Tell) -> None:
    """Run the bot alone; the Rasa server and the actions run elsewhere on this machine."""
    house = wiring.house(settings)
    bot = await _introduced(house)
    client = DialogueClient(settings.dialogue_port, house.loopback_token)
    await _run_bot(house, bot, client, Supervisor([], settings.logs_dir), tell)


@stoppable
async def run_scheduler(settings: Settings, tell: Tell) -> None:
    """Run the scheduler alone: it plans and writes nudges, which the bot sends."""
    house = wiring.house(settings)
    tell("The scheduler is at work. End with Ctrl-C.")
    await until_first(_by_the_clock(house))


def _by_the_clock(house: House) -> list[Coroutine[Any, Any, None]]:
    """Return what the scheduler does: nudges, and mails where a mail server is set."""
    jobs = [Clock(house.deps, lease_of(house.engine), now).run()]
    sender = postman(house)
    if sender is not None:
        jobs.append(sender.run())
    return jobs


@stoppable
async def run_dialogue(settings: Settings, tell: Tell) -> None:
    """Run the Rasa server alone, kept running until SIGINT or SIGTERM."""
    house = wiring.house(settings)
    client = DialogueClient(settings.dialogue_port, house.loopback_token)
    supervisor = Supervisor([dialogue_child(house, client, tell)], settings.logs_dir)
    try:
        await supervisor.start(START_TIMEOUT_S)
        tell("The Rasa server answers.")
        await _watch(supervisor)
    finally:
        await supervisor.stop()
        await client.close()


async def _introduced(house: House) -> Any:
    token = house.settings.telegram_token
    assert token is not None
    bot = telegram.build_bot(token.get_secret_value(), house.settings.telegram_api_url)
    await telegram.introduce(bot, {lang: house.texts.commands(lang) for lang in ("en", "fr")})
    return bot


async def _run_bot(
    house: House,
    bot: Any,
    client: DialogueClient,
    supervisor: Supervisor,
    tell: Tell,
    *,
    by_the_clock: bool = False,
) -> None:
    settings = house.settings
    messenger = telegram.TelegramMessenger(bot, Pace(settings.telegram_rate), draw, now)
    lanes = _lanes(house, client, {updates.CHANNEL: messenger})

    async def take_in(told: list[Incoming]) -> None:
        await asyncio.to_thread(receive, house.deps.open, told, now())
        for incoming in told:
            lanes.wake((incoming.channel, incoming.address))

    intake = telegram.Intake(bot, take_in)
    webhook = _webhook(settings, intake)
    site = console_site(settings, bot.username)
    server = _server(settings, {"dialogue": client.ready}, webhook, site)
    tell(f"Leo answers in Telegram as @{bot.username}. End with Ctrl-C.")
    jobs = [lanes.sweep(), server.serve(), _watch(supervisor), _warm_up()]
    if by_the_clock:
        jobs += _by_the_clock(house)
    if webhook is None:
        jobs.append(intake.poll())
    elif settings.telegram_webhook_url:
        jobs.append(intake.listen(settings.telegram_webhook_url, webhook.secret))
    try:
        await until_first(jobs)
    finally:
        await lanes.close()
        await intake.close()
        await bot.shutdown()


async def _warm_up() -> None:
    """Load what draws pictures before the first one is due; then stay."""
    await asyncio.to_thread(draw, WARM_UP_PICTURE)
    await asyncio.Event().wait()


WARM_UP_PICTURE = {
    "marks": {
        "title": "Leo",
        "rows": [{"label": "Leo", "now": 3, "before": None}],
        "low": "1",
        "high": "5",
        "now_legend": "",
        "before_legend": "",
    }
}


def _lanes(house: House, client: DialogueClient, messengers: dict[str, Messenger]) -> Lanes:
    return Lanes(house.deps, client, messengers, now)


def _webhook(settings: Settings, intake: telegram.Intake) -> Webhook | None:
    if not settings.telegram_webhook_url or not settings.telegram_webhook_secret:
        return None
    return Webhook(settings.telegram_webhook_secret.get_secret_value(), intake.take)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `stoppable`, which ends every part in order."""
        yield


def console_site(settings: Settings, bot_name: str | None) -> Site:
    """Return HR's console; without a bot's name invitations are lines for the terminal chat."""
    return Site(
        deps=wiring.console(settings),
        pages=ConsoleTexts(),
        key=hmac.digest(wiring.loopback_token(settings).encode(), b"console", "sha256"),
        clock=now,
        link=partial(invitations.link, bot_name),
        zone=settings.zone,
        draw=draw_svg,
        paper=draw_pdf,
        root=settings.console_root,
        can_mail=settings.smtp is not None,
        provider=provider(settings),
        passwords=settings.password_sign_in,
    )


def provider(settings: Settings) -> Provider | None:
    """Return the organisation's OpenID provider, if one is set."""
    secret = settings.oidc_client_secret
    if not (settings.oidc_issuer and settings.oidc_client_id and secret):
        return None
    # Loaded where it is set only: its libraries take half a second.
    from bot.console.provider import OpenIdProvider

    return OpenIdProvider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret.get_secret_value(),
        f"{settings.console_root}{BACK}",
    )


def postman(house: House) -> Postman | None:
    """Return who sends the mails that wait, if a mail server is set."""
    server, sender = house.settings.smtp, house.settings.sender
    if server is None or sender is None:
        return None
    return Postman(console_units(house.engine), server, sender, mail_writer(MailTexts()), now)


def mail_writer(texts: MailTexts) -> Write:
    """Return what writes mails with the words of `texts`."""

    def write(envelope: Envelope, code: str | None) -> Written:
        return Written(
            *texts.write(
                envelope.language,
                envelope.kind,
                link=envelope.link,
                expires=envelope.expires,
                name=envelope.name,
                cohort=envelope.cohort,
                code=code,
            )
        )

    return write


@stoppable
async def run_console(settings: Settings, tell: Tell) -> None:
    """Run HR's console alone, until SIGINT or SIGTERM."""
    name = None
    if settings.telegram_token is not None:
        token = settings.telegram_token.get_secret_value()
        name = await telegram.name_of(telegram.build_bot(token, settings.telegram_api_url))
    server = _server(settings, {}, None, console_site(settings, name))
    tell(f"The console is at {settings.console_root}")
    await server.serve()


def _server(
    settings: Settings, checks: dict[str, Check], webhook: Webhook | None, site: Site
) -> uvicorn.Server:
    """Return the web server. Raises SettingsError when its port is taken."""
    check_port(settings)
    config = uvicorn.Config(
        build_app(checks, webhook, site),
        host=settings.console_host,
        port=settings.console_port,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    return _Server(config)


def check_port(settings: Settings) -> None:
    """Raise SettingsError when the console cannot listen where it should."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.console_host, settings.console_port))
        except OSError:
            raise SettingsError(
                f"{settings.console_host}:{settings.console_port} cannot be listened on: another "
                "program may use it. Set LEO_CONSOLE_PORT."
            ) from None


async def _watch(supervisor: Supervisor) -> None:
    while True:
        supervisor.check()
        await asyncio.sleep(CHECK_S)


async def until_first(jobs: list[Coroutine[Any, Any, None]]) -> None:
    """Run jobs until one of them ends, then end the others; raise what that one raised."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


# --- the terminal -----------------------------------------------------------------------


def _terminal_language() -> str:
    spoken = next(
        (os.environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(k)), ""
    )
    return "fr" if spoken.lower().startswith("fr") else "en"


@stoppable
async def run_terminal(
    settings: Settings,
    tell: Tell,
    *,
    name: str,
    language: str | None = None,
    as_json: bool = False,
    console: bool = False,
) -> None:
    """Hold a chat in the terminal until its input ends; with `console`, serve HR beside it."""
    house = wiring.house(settings)
    folder = settings.data_dir.resolve() / "terminal" / terminal.address_of(name)[:12]
    messenger = terminal.TerminalMessenger(sys.stdout, folder, draw, as_json=as_json)
    async with dialogue_running(house, tell, shared=True) as (client, supervisor):
        lanes = _lanes(house, client, {terminal.CHANNEL: messenger})
        chat = terminal.TerminalChat(
            house.deps, lanes, messenger, now, name=name, language=language or _terminal_language()
        )
        talk = chat.hold(sys.stdin, prompt=sys.stdin.isatty())
        jobs = [talk, lanes.sweep(), _watch(supervisor), *_by_the_clock(house)]
        if console:
            jobs.append(_server(settings, {}, None, console_site(settings, None)).serve())
        await until_first(jobs)
        await lanes.close()
