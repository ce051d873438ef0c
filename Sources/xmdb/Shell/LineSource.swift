/// Where the lines of a shell come from.
protocol LineSource: AnyObject {
  /// Waits for the next event.
  /// - Parameter prompt: What a person sees before the line.
  func event(prompt: String) -> LineEvent
}

/// What came.
enum LineEvent: Equatable {
  /// A line, without its end.
  case line(String)
  /// A signal, while no line was ready.
  case signal
  /// The end of the input.
  case end
}
