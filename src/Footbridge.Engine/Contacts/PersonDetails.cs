using Footbridge.Engine.Events;
using Footbridge.Protocol;
using Footbridge.Protocol.Generated;
using Footbridge.Protocol.Xml;

namespace Footbridge.Engine.Contacts;

/// <summary>What WhatsApp shows of a person to this account.</summary>
/// <param name="About">Null when there is none or it is hidden.</param>
/// <param name="VerifiedName">A business's name, from its certificate.</param>
public sealed record PersonDetails(Party Person, string? About, DateTimeOffset? AboutSetAt, string? PictureId, string? VerifiedName, string? Username)
{
    /// <summary>From a <c>user</c> node of a lookup's answer.</summary>
    internal static PersonDetails Of(Node user, Party person)
    {
        var about = user.Child("status");
        var isShown = about is not null && about.Child("error") is null && about["code"] is null && about["type"] != "fail";
        var text = isShown ? about!.ContentText : null;
        return new(
            person, string.IsNullOrEmpty(text) ? null : text,
            isShown && about!.LongOf("t") is > 0 and var t ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(t, 0, uint.MaxValue)) : null,
            user.Child("picture")?["id"], VerifiedNameOf(user), user.Child("username")?.ContentText is { Length: > 0 } name ? name : null);
    }

    private static string? VerifiedNameOf(Node user)
    {
        if (user.Path("business", "verified_name")?.ContentBytes is not { } certificate) return null;
        var details = Protobuf.Parse(VerifiedNameCertificate.Parser, certificate).Details;
        return Protobuf.Parse(VerifiedNameCertificate.Types.Details.Parser, details.ToByteArray()).VerifiedName is { Length: > 0 } name ? name : null;
    }
}

/// <summary>What a business says of itself. Empty texts are null.</summary>
public sealed record BusinessProfile(string? Description, string? Address, string? Email, IReadOnlyList<string> Websites, IReadOnlyList<string> Categories)
{
    internal static BusinessProfile? Of(Node answer)
    {
        if (answer.Child("business_profile")?.Child("profile") is not { } profile) return null;
        return new(Text(profile, "description"), Text(profile, "address"), Text(profile, "email"),
            [.. profile.ChildrenOf("website").Select(site => site.ContentText).OfType<string>()],
            [.. (profile.Child("categories")?.ChildrenOf("category") ?? []).Select(category => category.ContentText).OfType<string>()]);
    }

    private static string? Text(Node profile, string tag) => profile.Child(tag)?.ContentText is { Length: > 0 } text ? text : null;
}
