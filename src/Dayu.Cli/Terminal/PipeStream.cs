namespace Dayu.Cli;

/// <summary>Whoever read the results has gone (<c>dayu … | head</c>): there is nothing more to do.</summary>
sealed class ReaderGoneException : Exception;

/// <summary>A stream to another program, which may end first.</summary>
/// <param name="inner">Where it goes.</param>
/// <param name="ownsErrors">Whether its end is an end for us; else what cannot be written is dropped (remarks that nobody hears).</param>
sealed class PipeStream(Stream inner, bool ownsErrors) : Stream
{
    bool gone;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (gone) return;
        try { inner.Write(buffer); }
        catch (IOException)
        {
            gone = true;
            if (ownsErrors) throw new ReaderGoneException();
        }
    }

    public override void Flush()
    {
        if (!gone) inner.Flush();
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
