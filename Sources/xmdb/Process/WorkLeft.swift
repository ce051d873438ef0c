/// Something could not be done, or not yet; the same command goes on with it.
struct WorkLeft: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String
}
