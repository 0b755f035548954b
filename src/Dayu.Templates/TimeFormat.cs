using System.Globalization;

namespace Dayu.Templates;

/// <summary>
/// C's strftime in the C locale, with glibc's <c>-</c>, <c>_</c> and <c>0</c> flags; a directive nobody knows stays as
/// it is.
/// </summary>
static class TimeFormat
{
    public static AuthoredText Apply(Run run, AuthoredText format, DateTimeOffset now)
    {
        var to = new TextBuilder(run);
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                to.Append(format, i, 1);
                continue;
            }
            var author = format.AuthorAt(i);
            char flag = format[i + 1] is '-' or '_' or '0' && i + 2 < format.Length ? format[i + 1] : '\0';
            char directive = format[i += flag == '\0' ? 1 : 2];
            to.Append(One(directive, flag, now) ?? (flag == '\0' ? $"%{directive}" : $"%{flag}{directive}"), author);
        }
        return to.ToText();
    }

    static string? One(char directive, char flag, DateTimeOffset t)
    {
        string Number(int value, int width, char fill = '0')
        {
            fill = flag switch { '_' => ' ', '0' => '0', _ => fill };
            return value.ToString(CultureInfo.InvariantCulture).PadLeft(flag == '-' ? 0 : width, fill);
        }

        string Date(string pattern) => t.ToString(pattern, CultureInfo.InvariantCulture);
        int hour12 = t.Hour % 12 == 0 ? 12 : t.Hour % 12, weekday = (int)t.DayOfWeek;
        return directive switch
        {
            'Y' => Number(t.Year, 1), 'C' => Number(t.Year / 100, 2), 'y' => Number(t.Year % 100, 2),
            'G' => Number(ISOWeek.GetYear(t.DateTime), 1), 'V' => Number(ISOWeek.GetWeekOfYear(t.DateTime), 2),
            'm' => Number(t.Month, 2), 'd' => Number(t.Day, 2), 'e' => Number(t.Day, 2, ' '), 'j' => Number(t.DayOfYear, 3),
            'H' => Number(t.Hour, 2), 'k' => Number(t.Hour, 2, ' '), 'I' => Number(hour12, 2), 'l' => Number(hour12, 2, ' '),
            'M' => Number(t.Minute, 2), 'S' => Number(t.Second, 2),
            'f' => Date("ffffff"),
            'U' => Number((t.DayOfYear + 6 - weekday) / 7, 2), 'W' => Number((t.DayOfYear + 6 - (weekday + 6) % 7) / 7, 2),
            'u' => Number(weekday == 0 ? 7 : weekday, 1), 'w' => Number(weekday, 1),
            'B' => Date("MMMM"), 'b' or 'h' => Date("MMM"), 'A' => Date("dddd"), 'a' => Date("ddd"),
            'p' => t.Hour < 12 ? "AM" : "PM", 'P' => t.Hour < 12 ? "am" : "pm",
            'D' or 'x' => Date("MM/dd/yy"), 'F' => Date("yyyy-MM-dd"), 'T' or 'X' => Date("HH:mm:ss"), 'R' => Date("HH:mm"),
            'r' => Date("hh:mm:ss tt"), 'c' => $"{Date("ddd MMM")} {t.Day,2} {Date("HH:mm:ss yyyy")}",
            's' => t.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'Z' or 'z' => "",                                               // the time is Python's naive one
            'n' => "\n", 't' => "\t", '%' => "%",
            _ => null,
        };
    }
}
