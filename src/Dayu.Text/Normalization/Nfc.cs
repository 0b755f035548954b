namespace Dayu.Text;
static class Nfc { public static ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text) => text; }
