// The only door to libedit (https://thrysoee.dk/editline/): a line that a person edits in a terminal.
#ifndef XMDB_CLINEEDITOR_H
#define XMDB_CLINEEDITOR_H

/// An editor of lines. It belongs to one thread; a process has one at a time.
typedef struct xedit xedit;

/// Called when a person presses Tab: looks at the line with `xedit_text`, and changes it with `xedit_replace` or `xedit_show`.
typedef void (*xedit_complete)(void *owner, xedit *editor);

/// An editor on standard input that writes to standard error. The locale of the process becomes one of UTF-8, for characters alone.
/// - `wake`: a descriptor that becomes readable when a signal has come.
/// - `lines`: the most lines that are remembered.
/// Null when there is no memory left, or no terminal.
xedit *xedit_open(int wake, int lines, void *owner, xedit_complete complete);
/// The terminal is again as it was.
void xedit_close(xedit *editor);

/// How a line ended.
enum { XEDIT_END = 0, XEDIT_LINE = 1, XEDIT_SIGNAL = -1 };
/// Reads a line. `*line` has `*bytes` bytes of UTF-8 with the line end, valid until the next call.
int xedit_read(xedit *editor, const char *prompt, const char **line, int *bytes);
/// Remembers a line, which the key Up brings back.
void xedit_remember(xedit *editor, const char *line);

/// The line as it is, `*bytes` of UTF-8, and how many of them stand before the cursor.
const char *xedit_text(xedit *editor, int *bytes, int *cursor);
/// Replaces some characters before the cursor.
void xedit_replace(xedit *editor, int characters, const char *text);
/// Prints text below the line, which is then drawn anew below that.
void xedit_show(xedit *editor, const char *text);
/// The width of the terminal in characters.
int xedit_columns(xedit *editor);

#endif
