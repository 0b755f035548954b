namespace Dayu.Cli;

/// <summary>Whoever read the results has gone (<c>dayu … | head</c>): there is nothing more to do.</summary>
sealed class ReaderGoneException : Exception;

/// <summary>Results could not be written: a full disk, a closed stream.</summary>
sealed class OutputException(IOException cause) : IOException(cause.Message, cause);

/// <summary>A stream that leaves the process: what cannot be written is told once, and then dropped.</summary>
/// <param name="inner">Where it goes; null: it was closed before the program began.</param>
/// <param name="ownsErrors">Whether its end is an end for us; else what cannot be written is dropped (remarks that nobody hears).</param>
sealed class OutputStream(Stream? inner, bool ownsErrors) : Stream
{
    const int BrokenPipe = 32, WindowsBrokenPipe = 109, WindowsNoData = 232;

    bool gone;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (gone || buffer.IsEmpty) return;
        try
        {
            if (inner is null) throw new IOException("it is closed");
            inner.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            gone = true;
            if (ownsErrors) throw IsReaderGone(e) ? new ReaderGoneException() : new OutputException(e as IOException ?? new(e.Message, e));
        }
    }

    static bool IsReaderGone(Exception e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is WindowsBrokenPipe or WindowsNoData : e.HResult == BrokenPipe;

    public override void Flush()
    {
        if (!gone) inner?.Flush();
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("a pipe has no length");

    public override long Position
    {
        get => throw new NotSupportedException("a pipe has no position");
        set => throw new NotSupportedException("a pipe has no position");
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("results are written, not read");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("a pipe has no position");

    public override void SetLength(long value) => throw new NotSupportedException("a pipe has no length");
}
