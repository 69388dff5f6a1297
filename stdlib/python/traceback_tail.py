

# --- Gilbert: entries look as the machine itself prints them, whichever version's library this is ---

import _traceback


def _format_entry(self, entry, **kwargs):
    name = entry.filename
    if name.startswith("<stdin-") and name.endswith(">"):
        name = "<stdin>"
    rows = [f'  File "{name}", line {entry.lineno}, in {entry.name}\n']
    if entry.line:
        rows.append(f"    {entry.line.splitlines()[0]}\n")
        if entry.colno is not None and entry.end_colno is not None:
            whole = entry._original_lines.splitlines()[0]
            end = entry.end_colno if entry.end_lineno == entry.lineno else None
            marks = _traceback.marks(whole, entry.colno, end)
            if marks:
                rows.append(marks + "\n")
    for key, value in sorted((entry.locals or {}).items()):
        rows.append(f"    {key} = {value}\n")
    return "".join(rows)


StackSummary.format_frame_summary = _format_entry
