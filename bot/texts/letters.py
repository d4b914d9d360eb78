"""HR's own texts: plain words in which a few names are filled in, and nothing else of Jinja2."""

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.usecases.hr import Refused

# Names, and conditions on them. Loops, calls, filters and sums are left out: whoever writes a
# letter needs none, and with none of them no text can take long or grow large.
ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If),
    *(nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand),
)
_JINJA = ImmutableSandboxedEnvironment(
    undefined=StrictUndefined,
    autoescape=False,  # Plain text; it is escaped where it goes into a message.
)


def fill(source: str, **values: str) -> str:
    """Return the text with its names filled in. Raises Refused, naming the line and the mend."""
    try:
        _check(_JINJA.parse(source), set(values))
        return _JINJA.from_string(source).render(**values).strip()
    except TemplateSyntaxError as error:
        raise Refused("letter_syntax", line=error.lineno) from None
    except RecursionError:
        raise Refused("letter_syntax", line=1) from None


def _check(tree: nodes.Template, known: set[str]) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, ALLOWED):
            raise Refused("letter_only_names", line=node.lineno)
        if isinstance(node, nodes.Name) and node.name not in known:
            raise Refused("letter_unknown_name", line=node.lineno, name=node.name[:40])
