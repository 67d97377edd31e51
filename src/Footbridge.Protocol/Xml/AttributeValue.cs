using System.Globalization;

namespace Footbridge.Protocol.Xml;

/// <summary>What an attribute carries: text or a jid. The default value means "leave this attribute out".</summary>
/// <remarks>The wire does not tell a jid from the same text (some clients write jids as plain strings), so equality is by text.</remarks>
public readonly struct AttributeValue : IEquatable<AttributeValue>
{
    private readonly string? _text;
    private readonly Jid _jid;

    private AttributeValue(string? text) => _text = text;

    private AttributeValue(Jid jid)
    {
        _jid = jid;
        IsJid = true;
    }

    public bool IsAbsent => _text is null && !IsJid;

    public bool IsJid { get; }

    public Jid Jid => IsJid ? _jid : throw new InvalidOperationException("the attribute is text");

    public static implicit operator AttributeValue(string? text) => new(text);

    public static implicit operator AttributeValue(Jid jid) => new(jid);

    public static implicit operator AttributeValue(Jid? jid) => jid is { } value ? new(value) : default;

    public static implicit operator AttributeValue(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    public static implicit operator AttributeValue(long? number) => number is { } value ? (AttributeValue)value : default;

    public override string ToString() => IsJid ? _jid.ToString() : _text ?? "";

    public bool Equals(AttributeValue other) => IsAbsent == other.IsAbsent && ToString() == other.ToString();

    public override bool Equals(object? obj) => obj is AttributeValue other && Equals(other);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    public static bool operator ==(AttributeValue left, AttributeValue right) => left.Equals(right);

    public static bool operator !=(AttributeValue left, AttributeValue right) => !left.Equals(right);
}
