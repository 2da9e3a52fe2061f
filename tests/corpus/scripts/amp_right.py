import os
import torch
import torch.nn as nn
from torch.cuda.amp import GradScaler, autocast
from torch.utils.data import DataLoader
from torchvision import models, transforms
from torchvision.datasets import Flowers102

device = "cuda" if torch.cuda.is_available() else "cpu"
amp = device == "cuda"
tf = transforms.Compose([
    transforms.RandomResizedCrop(160), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])
loader = DataLoader(Flowers102("fl", "train", transform=tf, download=True), batch_size=32, shuffle=True)

model = models.mobilenet_v3_small(weights="DEFAULT")
model.classifier[-1] = nn.Linear(1024, 102)
model.to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.01)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=30)
scaler = GradScaler(enabled=amp)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
start = 0

if os.path.exists("last.pth"):
    ck = torch.load("last.pth", map_location=device)
    model.load_state_dict(ck["model"]); optimizer.load_state_dict(ck["opt"])
    scaler.load_state_dict(ck["scaler"]); start = ck["epoch"] + 1

for epoch in range(start, 30):
    model.train()
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad(set_to_none=True)
        with autocast(enabled=amp):
            loss = criterion(model(images), labels)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
    scheduler.step()
    torch.save({"model": model.state_dict(), "opt": optimizer.state_dict(), "scaler": scaler.state_dict(), "epoch": epoch}, "last.pth")
    print(epoch, loss.item())
