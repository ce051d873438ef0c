#define _GNU_SOURCE
#include "CLineEditor.h"
#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

struct xedit {
  EditLine *line;
  History *history;
  FILE *output;
  const char *prompt;
  int wake;
  int is_signalled;
  int is_shown;
  void *owner;
  xedit_complete complete;
};

static xedit *owner_of(EditLine *line) {
  void *data = 0;
  el_get(line, EL_CLIENTDATA, &data);
  return data;
}

static char *prompt_of(EditLine *line) { return (char *)owner_of(line)->prompt; }

// The bytes of a character arrive one by one; what is no UTF-8 is U+FFFD.
static int read_character(EditLine *line, wchar_t *character) {
  xedit *editor = owner_of(line);
  mbstate_t state = {0};
  for (;;) {
    struct pollfd watched[] = {{STDIN_FILENO, POLLIN, 0}, {editor->wake, POLLIN, 0}};
    if (poll(watched, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (watched[1].revents) {
      editor->is_signalled = 1;
      errno = EINTR;
      return -1;
    }
    char byte;
    ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return (int)count;
    size_t used = mbrtowc(character, &byte, 1, &state);
    if (used == (size_t)-2) continue;
    if (used == (size_t)-1) *character = 0xfffd;
    return 1;
  }
}

static unsigned char complete_word(EditLine *line, int key) {
  (void)key;
  xedit *editor = owner_of(line);
  editor->is_shown = 0;
  editor->complete(editor->owner, editor);
  return editor->is_shown ? CC_REDISPLAY : CC_REFRESH;
}

xedit *xedit_open(int wake, int lines, void *owner, xedit_complete complete) {
  // Characters alone: numbers are written by the rules of C everywhere.
  if (!setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "");
  xedit *editor = calloc(1, sizeof *editor);
  if (!editor) return 0;
  *editor = (xedit){.wake = wake, .owner = owner, .complete = complete, .prompt = ""};
  int descriptor = dup(STDERR_FILENO);
  editor->output = descriptor < 0 ? 0 : fdopen(descriptor, "w");
  if (!editor->output && descriptor >= 0) close(descriptor);
  editor->history = history_init();
  if (editor->output) editor->line = el_init("xmdb", stdin, editor->output, editor->output);
  if (!editor->line || !editor->history) return xedit_close(editor), (xedit *)0;

  HistEvent event;
  history(editor->history, &event, H_SETSIZE, lines);
  history(editor->history, &event, H_SETUNIQUE, 1);
  el_set(editor->line, EL_CLIENTDATA, editor);
  el_set(editor->line, EL_PROMPT, prompt_of);
  el_set(editor->line, EL_EDITOR, "emacs");
  el_set(editor->line, EL_HIST, history, editor->history);
  el_set(editor->line, EL_GETCFN, read_character);
  // Stopped and continued by the shell, another width: the library redraws. Signals that are waited for elsewhere stay blocked.
  el_set(editor->line, EL_SIGNAL, 1);
  el_set(editor->line, EL_ADDFN, "xmdb-complete", "Complete the word before the cursor", complete_word);
  static const char *const keys[][2] = {
    {"^I", "xmdb-complete"}, {"^R", "em-inc-search-prev"}, {"\\e[1;5C", "em-next-word"}, {"\\e[1;5D", "ed-prev-word"},
  };
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    el_set(editor->line, EL_BIND, keys[i][0], keys[i][1], (char *)0);
  }
  // The user's own keys.
  el_source(editor->line, 0);
  return editor;
}

void xedit_close(xedit *editor) {
  if (editor->line) el_end(editor->line);
  if (editor->history) history_end(editor->history);
  if (editor->output) fclose(editor->output);
  free(editor);
}

int xedit_read(xedit *editor, const char *prompt, const char **line, int *bytes) {
  editor->prompt = prompt;
  editor->is_signalled = 0;
  *line = el_gets(editor->line, bytes);
  fflush(editor->output);
  if (*line && *bytes > 0) return XEDIT_LINE;
  return editor->is_signalled ? XEDIT_SIGNAL : XEDIT_END;
}

void xedit_remember(xedit *editor, const char *line) {
  HistEvent event;
  history(editor->history, &event, H_ENTER, line);
}

const char *xedit_text(xedit *editor, int *bytes, int *cursor) {
  const LineInfo *info = el_line(editor->line);
  *bytes = (int)(info->lastchar - info->buffer);
  *cursor = (int)(info->cursor - info->buffer);
  return info->buffer;
}

void xedit_replace(xedit *editor, int characters, const char *text) {
  if (characters > 0) el_deletestr(editor->line, characters);
  el_insertstr(editor->line, text);
}

void xedit_show(xedit *editor, const char *text) {
  fprintf(editor->output, "\n%s\n", text);
  editor->is_shown = 1;
}

int xedit_columns(xedit *editor) {
  (void)editor;
  struct winsize size;
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}
