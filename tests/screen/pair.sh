#!/bin/sh
# Two copies: the marks and what is compared survive that copies are read again; keys do what the hint
# line offers and nothing else; what a human says is told where it counts and can be taken back.
# Usage: pair.sh PROGRAM
set -eu
. "$(dirname "$0")/terminal.sh"

all_read() {
    see "$1"
    unsee ' reading '
}

# On a narrow screen the way back stands beside the way out; sizes are whole.
start 80 24 practice sharepoint-stale --view compare
all_read 'Not the same photo everywhere'
press Home
press Space
press Right
press Right
press Space
press t
see 'side by side' 'Esc back' 'q leave' '648×648  60 kB' '48×48' ' kB'
press s
see '50 % of the left copy'
press Right
see '55 % of the left copy'
press -- -
see '50 % of the left copy'
press o
see '50 % of the right copy'

# Everything is read again, then watched: the pair stays.
press R
unsee ' reading '
see 'of the right copy' 'SharePoint small'
press W
unsee ' reading '
see 'of the right copy' 'SharePoint small'

# No reference is set behind its back, and Enter is not the way out.
press r
press Enter
see 'of the right copy'
press f
see 'of the right copy'
press f
press Escape
see 'reference' 'SharePoint large'
leave

# A copy without a photo marks nothing.
start 100 30 practice in-sync --view compare --fault viva-engage=403
see 'Viva Engage' 'access denied'
all_read 'not read: Viva Engage'
press Home
press Right
press Right
press Right
press Right
press Right
press d
see 'Mark two copies that have a photo'
press Home
press d
see 'difference: the brighter'
press Escape
leave

# Two of another group than the reference's: they stay different from it.
start 120 40 practice sharepoint-stale --view compare
all_read 'Not the same photo everywhere'
press Home
press Right
press Right
press Space
press Right
press =
see 'Recorded'
press Escape
unsee 'you say'
press Home
press Space
press End
press Left
press Left
press =
see 'Recorded'
press Escape
see 'the same, you say' 'You said'
press 1
see 'you say'
press 2
press Home
press Space
press End
press Left
press Left
press =
see 'Taken back'
press Escape
unsee 'the same, you say'
leave
