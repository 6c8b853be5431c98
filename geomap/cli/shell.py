"""Help for the shell: `completion`."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete geomap's commands and options with the tab key.

    Put its output where your shell looks for it, or into its start-up file:

    \b
    bash  geomap completion bash > ~/.local/share/bash-completion/completions/geomap
    zsh   geomap completion zsh > ~/.zfunc/_geomap     (with fpath+=~/.zfunc)
    fish  geomap completion fish > ~/.config/fish/completions/geomap.fish

    \b
    eval "$(geomap completion bash)"
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is not None:
        text = kind(context.find_root().command, {}, "geomap", "_GEOMAP_COMPLETE")
        # click asks for the shell's version first; the text alone needs no shell here.
        click.echo(text.source_template % text.source_vars())
