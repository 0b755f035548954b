namespace Dayu.Text;

/// <summary>Unicode's canonical composition for whole texts; the framework's own does nothing without the system's ICU.</summary>
public static class UnicodeText
{
    /// <summary>A text in form C (UAX #15); the same object if it is in it already.</summary>
    public static string Nfc(string text)
    {
        var normal = NormalForm.C.Normalize(text);
        return normal.Length == text.Length && normal.SequenceEqual(text) ? text : normal.ToString();
    }
}
