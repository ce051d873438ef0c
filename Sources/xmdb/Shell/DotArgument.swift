/// What stands behind the name of a command, for Tab.
enum DotArgument: Sendable {
  case none, text, table, file
  case words([String])
}
