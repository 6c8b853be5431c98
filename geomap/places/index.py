"""How names are filed in the compiled gazetteer: what its compiler and its reader agree on."""

MAIN, PLAIN, WORD, KIN = 1, 2, 4, 8
"""Flags of a name: the place's main name; written without diacritics; an English word too;
a spelling of the main name, or its name in another script, and not a name of its own."""
FLAG_BITS = 4
FLAGS = (1 << FLAG_BITS) - 1
"""An entry is the number of the place, shifted by so many bits, and the flags below."""

BARE, KEY = "\x1e", "\x1f"
"""First letters of what is no name: names without their type word, and keys."""
SHORTEST_KEY = 3
LONGEST_NAME = 60
"""Letters; longer names are left out, so that a scan never looks farther ahead."""
LONGEST_TYPE = 4
"""Words of a type word, as in "satellite launch center"."""
