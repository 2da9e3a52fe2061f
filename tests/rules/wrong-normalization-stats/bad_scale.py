from torchvision import datasets, transforms

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((125.3, 123.0, 113.9), (63.0, 62.1, 66.7))])
image, label = datasets.CIFAR10("d", transform=tf)[0]
