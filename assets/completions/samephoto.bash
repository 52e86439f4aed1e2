# bash completion for samephoto; everything is asked of the program itself.
_samephoto_words() {
    samephoto help 2>/dev/null | sed -n 's/^  samephoto \([a-z][a-z-]*\) .*/\1/p'
}

_samephoto_options() {
    samephoto ${1:+"$1"} --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*'
}

_samephoto() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local commands command= word
    commands=$(_samephoto_words)
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        if grep -qxF -- "$word" <<<"$commands"; then
            command=$word
            break
        fi
    done
    COMPREPLY=()
    if [[ $previous == --lang ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'en fr' -- "$current")
    elif [[ $previous == --practice || ($previous == practice && $current != -*) ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(samephoto practice --list 2>/dev/null |
            sed -n '2,$s/ .*//p')" -- "$current")
    elif [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_samephoto_options "$command")" -- "$current")
    elif [[ -z $command ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
    else
        case $command in
        playbook) word='list show lint import' ;;
        session) word='list show resume report message export import delete purge' ;;
        help) word=$commands ;;
        *) word= ;;
        esac
        mapfile -t COMPREPLY < <(compgen -W "$word" -- "$current")
    fi
}
complete -o default -F _samephoto samephoto
