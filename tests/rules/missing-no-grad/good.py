import torch


@torch.no_grad()
def evaluate(model, loader, device):
    model.eval()
    correct = total = 0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        outputs = model(images)
        correct += (outputs.argmax(1) == labels).sum().item()
        total += labels.size(0)
    return correct / total

def fgsm(model, loader, loss_fn, eps):
    model.eval()
    for images, labels in loader:
        images.requires_grad = True
        loss_fn(model(images), labels).backward()
        yield images + eps * images.grad.sign()
