# fish completion for samephoto; everything is asked of the program itself.
function __samephoto_commands
    samephoto help 2>/dev/null | string replace -rf '^  samephoto ([a-z][a-z-]*) .*' '$1'
end
function __samephoto_stories
    samephoto practice --list 2>/dev/null | tail -n +2 | string replace -r ' .*' ''
end
function __samephoto_options
    set -l command
    for word in (commandline -opc)[2..-1]
        if contains -- $word (__samephoto_commands)
            set command $word
            break
        end
    end
    samephoto $command --help 2>/dev/null | string match -rag -- '(--[a-z][a-z-]*)'
end
complete -c samephoto -n "not __fish_seen_subcommand_from (__samephoto_commands)" -a "(__samephoto_commands)"
complete -c samephoto -n "string match -q -- '-*' (commandline -ct)" -f -a "(__samephoto_options)"
complete -c samephoto -n "__fish_seen_subcommand_from practice" -f -a "(__samephoto_stories)"
complete -c samephoto -n "__fish_seen_subcommand_from playbook" -a "list show lint import"
complete -c samephoto -n "__fish_seen_subcommand_from session" -a "list show resume report message export import delete purge"
complete -c samephoto -l practice -x -a "(__samephoto_stories)"
complete -c samephoto -l lang -x -a "en fr"
